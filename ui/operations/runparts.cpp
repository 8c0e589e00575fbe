// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/runparts.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QGridLayout>
#include <QPlainTextEdit>
#include <QScrollBar>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int maximumLines = 20000;
constexpr int maximumRanges = 12;
constexpr int tileWidth = 136; // minimum width

QString ofTotal(qint64 done, qint64 total, bool estimate)
{
    if (total <= 0)
        return groupedNumber(done);
    return (estimate ? RunFigures::tr("%1 of ≈ %2") : RunFigures::tr("%1 of %2"))
        .arg(groupedNumber(done), groupedNumber(total));
}

} // namespace

RunFigures::RunFigures(QWidget *parent) : QWidget(parent), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(8);
    addTile(u"slots"_s, tr("Slots"));
    addTile(u"keys"_s, tr("Keys"));
    addTile(u"bytes"_s, tr("Data"));
    addTile(u"rate"_s, tr("Rate"));
    addTile(u"left"_s, tr("Time left"));
    addTile(u"took"_s, tr("Took"));
    addTile(u"method"_s, tr("Method"));
}

void RunFigures::addTile(const QString &key, const QString &caption)
{
    auto *tile = new QFrame(this);
    tile->setProperty("tile", true);
    auto *label = plainLabel(caption, "muted", tile);
    label->setFont(Theme::smallFont());
    auto *value = new ElidedLabel({}, Qt::ElideRight, tile);
    value->setFont(Theme::strongFont());
    value->setAccessibleName(caption);
    auto *layout = new QVBoxLayout(tile);
    layout->setContentsMargins(10, 6, 10, 6);
    layout->setSpacing(1);
    layout->addWidget(label);
    layout->addWidget(value);
    tile->hide();
    m_tiles.append(tile);
    m_values.insert(key, value);
}

void RunFigures::setFigure(const QString &key, const QString &value)
{
    ElidedLabel *label = m_values.value(key);
    label->setText(value);
    label->parentWidget()->setVisible(!value.isEmpty());
}

void RunFigures::setRun(const RunSnapshot &run, qint64 now)
{
    const RunProgress &progress = run.progress;
    const int total = std::max(slotsToMove(*run.plan).count(), progress.slotsTotal);
    const int done = std::max(progress.slotsDone, progress.moved.count());
    // create assigns slots that had no owner, so none are moved
    const bool moves = total > 0 && run.plan->operation != Operation::Create;
    const bool live = !run.isOver();
    setFigure(u"slots"_s, moves ? ofTotal(done, total, false) : QString());
    const qint64 keys = progress.keysTotal > 0 ? progress.keysTotal : run.plan->estimate.keys;
    const bool counted = moves && (live || progress.keysDone > 0);
    setFigure(u"keys"_s, counted ? ofTotal(progress.keysDone, live ? keys : -1, true) : QString());
    setFigure(u"bytes"_s, progress.bytesDone >= 0 ? byteSize(progress.bytesDone) : QString());
    setFigure(u"rate"_s,
              moves && live && progress.keysPerSecond >= 0
                  ? tr("%1 keys/s").arg(shortCount(qint64(progress.keysPerSecond)))
                  : QString());
    setFigure(u"left"_s,
              live && progress.leftMs >= 0 && run.state == RunState::Running
                  ? u"≈ "_s + duration(progress.leftMs / 1000 * 1000)
                  : QString());
    const qint64 ran = ranForMs(run, now);
    setFigure(u"took"_s, !live && ran >= 0 ? duration(ran) : QString());
    setFigure(u"method"_s,
              progress.method == u"atomic"        ? tr("Atomic")
                  : progress.method == u"classic" ? tr("Classic")
                                                  : QString());
    arrange();
    setVisible(std::any_of(m_values.begin(), m_values.end(),
                           [](const ElidedLabel *value) { return !value->text().isEmpty(); }));
}

/// Arranges the tiles evenly in as few rows as possible.
void RunFigures::arrange()
{
    QList<QWidget *> shown = m_tiles;
    shown.removeIf([](const QWidget *tile) { return tile->isHidden(); });
    const int count = std::max(1, int(shown.size()));
    const int fitting = std::clamp((width() + 8) / (tileWidth + 8), 1, count);
    const int rows = (count + fitting - 1) / fitting;
    const int columns = (count + rows - 1) / rows;
    if (shown == m_arranged && columns == m_columns)
        return;
    for (QWidget *tile : std::as_const(m_tiles))
        m_grid->removeWidget(tile);
    for (int column = 0; column < m_columns; ++column)
        m_grid->setColumnStretch(column, 0);
    m_arranged = shown;
    m_columns = columns;
    for (int i = 0; i < shown.size(); ++i)
        m_grid->addWidget(shown.at(i), i / columns, i % columns);
    for (int column = 0; column < columns; ++column)
        m_grid->setColumnStretch(column, 1);
}

void RunFigures::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

QString RunFigures::figure(const QString &key) const
{
    const ElidedLabel *label = m_values.value(key);
    return label ? label->text() : QString();
}

RunOutcome::RunOutcome(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(8);
    hide();
}

QList<RunOutcome::Card> RunOutcome::cardsOf(const RunSnapshot &run)
{
    QList<Card> cards;
    if (run.rolledBack)
        cards.append({u"note"_s, tr("↶ Rolled back"),
                      tr("Its changes were rolled back since. There is nothing left to resume.")});
    if (run.error) {
        QStringList lines{describe(*run.error)};
        if (const QString help = advice(*run.error); !help.isEmpty())
            lines << tr("Remedy: %1").arg(help);
        cards.append({u"error"_s, tr("✕ The operation failed"), lines.join(u'\n')});
    } else if (run.state == RunState::Interrupted && run.plan->operation == Operation::Drill) {
        cards.append(
            {u"warn"_s, tr("▲ Interrupted"),
             tr("The program that ran it ended in the middle of it. Nodes may still be unavailable, and a replica may "
                "lead the shard. Resume does not repeat the drill: it restores the previous layout.")});
    } else if (run.state == RunState::Interrupted && !run.rolledBack) {
        cards.append({u"warn"_s, tr("▲ Interrupted"),
                      tr("The program that ran it ended in the middle of it. Resume does the remaining steps; finished "
                         "steps are not repeated.")});
    } else if (run.state == RunState::Stopped && run.plan->operation == Operation::Drill && !canResume(run)) {
        cards.append({u"warn"_s, tr("◼ Stopped as requested"), tr("The unavailable nodes are back.")});
    } else if (run.state == RunState::Stopped && !run.rolledBack) {
        cards.append({u"warn"_s, tr("◼ Stopped as requested"), tr("The rest can be resumed.")});
    }
    if (run.state == RunState::Stopping && run.plan->operation == Operation::Drill)
        cards.append({u"note"_s, tr("◼ Restoring the unavailable nodes"),
                      tr("The previous layout is being restored, and the probe's keys are deleted.")});
    else if (run.state == RunState::Stopping)
        cards.append({u"note"_s, tr("◼ Finishing the current step"),
                      tr("It ends as soon as no slot is in migration. “Stop now” leaves slots in migration: clients "
                         "still reach their keys through redirects, and the operation can be resumed.")});
    if (!run.leftOpen.isEmpty())
        cards.append({u"warn"_s, tr("▲ %n slot(s) left in migration", nullptr, run.leftOpen.count()),
                      tr("%1\nClients still reach their keys through redirects. Resume finishes the migration; Fix "
                         "finishes it in either direction.")
                          .arg(rangesText(run.leftOpen, maximumRanges))});
    if (run.isOver() && !run.verified.isEmpty()) {
        QStringList lines;
        for (const QString &line : run.verified) {
            const VerifiedLine one = verifiedLine(line);
            lines << (one.kind == VerifiedLine::Kind::Verified ? u"✓ "_s : u"✕ "_s) + one.text;
        }
        const bool holds = run.state == RunState::Done && !run.rolledBack;
        cards.append({holds ? u"good"_s : u"note"_s,
                      holds ? tr("✓ Done and verified on every node") : tr("State of the cluster at the end"),
                      lines.join(u'\n')});
    } else if (!run.isOver() && !run.waitingFor.isEmpty()) {
        cards.append({u"note"_s, tr("◔ Waiting for %1").arg(run.waitingFor), {}});
    }
    return cards;
}

void RunOutcome::setRun(const RunSnapshot &run)
{
    m_fromRun = cardsOf(run);
    rebuild();
}

void RunOutcome::setProblem(const QString &text)
{
    m_problem = text;
    rebuild();
}

void RunOutcome::rebuild()
{
    QList<Card> cards = m_fromRun;
    if (!m_problem.isEmpty())
        cards.prepend({u"error"_s, tr("✕ This was not possible"), m_problem});
    if (cards == m_shown)
        return;
    m_shown = cards;
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const Card &card : std::as_const(m_shown))
        addCard(card);
    setVisible(!m_shown.isEmpty());
}

void RunOutcome::addCard(const Card &card)
{
    auto *frame = new QFrame(this);
    frame->setProperty("finding", card.tone);
    frame->setAccessibleName(card.title);
    auto *layout = new QVBoxLayout(frame);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(4);
    const char *tone = card.tone == u"error" ? "error"
        : card.tone == u"warn"               ? "warn"
        : card.tone == u"good"               ? "ok"
                                             : nullptr;
    auto *title = plainLabel(card.title, tone, frame);
    title->setFont(Theme::strongFont());
    for (QLabel *label : {title, plainLabel(card.text, nullptr, frame)}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        label->setVisible(!label->text().isEmpty());
        layout->addWidget(label);
    }
    m_layout->addWidget(frame);
}

QString RunOutcome::text() const
{
    QStringList lines;
    for (const Card &card : m_shown)
        lines << card.title << card.text;
    return lines.join(u'\n');
}

RunLog::RunLog(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_filter(new SegmentedControl({tr("All"), tr("Warnings")}, this))
    , m_count(plainLabel({}, "muted", this))
    , m_text(new QPlainTextEdit(this))
{
    auto *title = plainLabel(tr("Log"), nullptr, this);
    title->setFont(Theme::strongFont());
    m_filter->setAccessibleName(tr("Lines of the log"));
    m_text->setObjectName(u"runLog"_s);
    m_text->setReadOnly(true);
    m_text->setFont(Theme::monoFont());
    m_text->setMaximumBlockCount(maximumLines);
    m_text->setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    m_text->setMinimumHeight(96);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(tr("Log"));
    m_text->setPlaceholderText(tr("No warnings so far."));
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(title);
    head->addWidget(m_count, 1);
    head->addWidget(m_filter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(m_text, 1);
    connect(m_filter, &SegmentedControl::currentChanged, this, &RunLog::rebuild);
    connect(&theme, &Theme::changed, this, &RunLog::rebuild);
}

void RunLog::setRun(const RunSnapshot &run)
{
    const bool grows = run.id == m_id && run.log.size() >= m_lines.size()
        && (m_lines.isEmpty() || run.log.at(m_lines.size() - 1).at == m_lines.last().at);
    const qsizetype known = grows ? m_lines.size() : 0;
    m_id = run.id;
    m_lines = run.log;
    if (!grows)
        rebuild();
    for (qsizetype i = known; grows && i < m_lines.size(); ++i)
        append(m_lines.at(i));
    const auto warnings =
        std::count_if(m_lines.begin(), m_lines.end(), [](const RunLine &line) { return line.warning; });
    m_count->setText(warnings > 0 ? tr("%1 lines, %2 of them warnings").arg(m_lines.size()).arg(warnings)
                                  : tr("%n line(s)", nullptr, int(m_lines.size())));
}

void RunLog::rebuild()
{
    m_text->clear();
    for (const RunLine &line : std::as_const(m_lines))
        append(line);
}

/// Keeps the log scrolled to its end only if it was there.
void RunLog::append(const RunLine &line)
{
    if (m_filter->current() == 1 && !line.warning)
        return;
    QScrollBar *bar = m_text->verticalScrollBar();
    const bool atEnd = bar->value() >= bar->maximum() - 1;
    QTextCursor cursor(m_text->document());
    cursor.movePosition(QTextCursor::End);
    QTextCharFormat muted, normal;
    muted.setForeground(m_theme.tokens().muted);
    normal.setForeground(line.warning ? m_theme.tokens().warn : m_theme.tokens().text);
    if (!m_text->document()->isEmpty())
        cursor.insertBlock();
    cursor.insertText(QDateTime::fromMSecsSinceEpoch(line.at).toString(u"HH:mm:ss.zzz  "_s), muted);
    cursor.insertText((line.warning ? u"▲ "_s : u""_s) + line.text, normal);
    if (atEnd)
        bar->setValue(bar->maximum());
}

QString RunLog::text() const
{
    return m_text->toPlainText();
}

} // namespace slotscope
