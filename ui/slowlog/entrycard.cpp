// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/slowlog/entrycard.h"

#include "core/base/text.h"
#include "core/models/slowlogmodel.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/factslist.h"
#include "ui/shared/icons.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostCommandLines = 5, commandMargins = 18;

struct CommandAdvice
{
    const char *command;
    const char *what;
    const char *way;
};

/// Commands whose execution time grows with the size of the node's data or of the key.
constexpr std::array commandsWithAdvice{
    CommandAdvice{"KEYS", QT_TRANSLATE_NOOP("slotscope::EntryCard", "KEYS reads every key of the node."),
                  QT_TRANSLATE_NOOP("slotscope::EntryCard", "SCAN with MATCH returns the same keys in small steps.")},
    CommandAdvice{"SMEMBERS", QT_TRANSLATE_NOOP("slotscope::EntryCard", "SMEMBERS returns the whole set."),
                  QT_TRANSLATE_NOOP("slotscope::EntryCard", "SSCAN reads the set in small steps.")},
    CommandAdvice{"HGETALL", QT_TRANSLATE_NOOP("slotscope::EntryCard", "HGETALL returns the whole hash."),
                  QT_TRANSLATE_NOOP("slotscope::EntryCard",
                                    "HMGET reads only the fields that are needed; HSCAN reads in small steps.")},
    CommandAdvice{
        "DEL", QT_TRANSLATE_NOOP("slotscope::EntryCard", "DEL frees the memory before it replies."),
        QT_TRANSLATE_NOOP("slotscope::EntryCard", "UNLINK frees the memory of large keys in another thread.")},
    CommandAdvice{"FLUSHALL", QT_TRANSLATE_NOOP("slotscope::EntryCard", "FLUSHALL frees all memory before it replies."),
                  QT_TRANSLATE_NOOP("slotscope::EntryCard", "FLUSHALL ASYNC frees it in another thread.")},
    CommandAdvice{"SORT", QT_TRANSLATE_NOOP("slotscope::EntryCard", "SORT reads the whole key each time."),
                  QT_TRANSLATE_NOOP("slotscope::EntryCard", "A sorted set keeps its order; or sort in the client.")}};

QToolButton *cardButton(const QString &icon, const QString &text, const Theme &theme, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(icon, theme));
    button->setIconSize({16, 16});
    button->setToolTip(text);
    button->setAccessibleName(text);
    return button;
}

} // namespace

EntryCard::EntryCard(const Theme &theme, QWidget *parent)
    : QFrame(parent)
    , m_title(plainLabel({}, nullptr, this))
    , m_subtitle(new ElidedLabel({}, Qt::ElideMiddle, this))
    , m_copy(cardButton(u"copy"_s, tr("Copy the command as a line for redis-cli"), theme, this))
    , m_toNode(cardButton(u"topology"_s, tr("Show the node in Topology"), theme, this))
    , m_command(new QPlainTextEdit(this))
    , m_facts(new FactsList(this))
    , m_hint(
          plainLabel(tr("Choose an entry, or click a dot, to see the whole command and who sent it."), "muted", this))
    , m_advice(new QFrame(this))
    , m_adviceTitle(wrappedLabel({}, "warn", m_advice))
    , m_adviceText(wrappedLabel({}, nullptr, m_advice))
{
    setProperty("card", true);
    m_title->setFont(Theme::strongFont());
    m_subtitle->setProperty("tone", u"muted"_s);
    m_subtitle->setFont(Theme::monoFont());
    m_hint->setWordWrap(true);
    m_command->setReadOnly(true);
    m_command->setFont(Theme::monoFont());
    m_command->setAccessibleName(tr("Command"));
    m_adviceTitle->setFont(Theme::strongFont());
    m_advice->setProperty("finding", u"warn"_s);
    auto *advice = new QVBoxLayout(m_advice);
    advice->setContentsMargins(12, 10, 12, 10);
    advice->setSpacing(4);
    advice->addWidget(m_adviceTitle);
    advice->addWidget(m_adviceText);
    m_facts->addFact(u"took"_s, tr("Took"));
    m_facts->addFact(u"began"_s, tr("Logged"));
    m_facts->addFact(u"node"_s, tr("Node"), FactsList::Form::Monospace, m_toNode);
    m_facts->addFact(u"client"_s, tr("Client"), FactsList::Form::Monospace);
    m_facts->addFact(u"name"_s, tr("Name"));
    m_facts->addFact(u"clock"_s, tr("Node's clock"));
    m_facts->addFact(u"cut"_s, tr("Truncated"));
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title);
    head->addWidget(m_subtitle, 1);
    head->addWidget(m_copy);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 12, 16, 16);
    layout->setSpacing(12);
    layout->addLayout(head);
    for (QWidget *part : std::initializer_list<QWidget *>{m_hint, m_command, m_facts, m_advice})
        layout->addWidget(part);
    layout->addStretch();
    connect(m_copy, &QToolButton::clicked, this, &EntryCard::copyCommand);
    connect(m_toNode, &QToolButton::clicked, this, [this] {
        if (m_entry)
            Q_EMIT nodeRequested(m_entry->nodeId);
    });
    setEntry(nullptr);
}

void EntryCard::setEntry(const SlowlogEntryPtr &entry, qint64 clockAhead)
{
    m_entry = entry;
    const bool any = entry != nullptr;
    m_hint->setVisible(!any);
    m_title->setText(any ? tr("Entry %1").arg(groupedNumber(entry->id)) : tr("No entry selected"));
    m_subtitle->setText(any ? tr("of %1").arg(entry->nodeName) : QString());
    for (QWidget *part : std::initializer_list<QWidget *>{m_copy, m_command, m_facts})
        part->setVisible(any);
    updateAdvice();
    if (!any)
        return;
    m_command->setPlainText(commandText(entry->command));
    fitCommand();
    const QString cost = costText(entry->kind, entry->cost);
    const QString exact = entry->kind == SlowlogKind::Slow ? tr("%1 µs").arg(groupedNumber(entry->cost))
                                                           : tr("%1 bytes").arg(groupedNumber(entry->cost));
    m_facts->setFact(u"took"_s, cost == exact ? cost : tr("%1 (%2)").arg(cost, exact));
    m_facts->setFact(u"began"_s, momentText(entry->at));
    m_facts->setFact(u"node"_s, entry->nodeName);
    m_facts->setFact(u"client"_s, toDisplay(entry->clientAddress));
    m_facts->setFact(u"name"_s, toDisplay(entry->clientName));
    m_facts->setFact(u"clock"_s,
                     clockAhead == 0      ? QString()
                         : clockAhead > 0 ? tr("%1 ahead of this computer: corrected").arg(duration(clockAhead))
                                          : tr("%1 behind this computer: corrected").arg(duration(-clockAhead)),
                     "warn");
    m_facts->setFact(u"cut"_s, isCut(entry->command) ? tr("The server kept only a part of the command.") : QString(),
                     "muted");
}

/// Sets the height to what the command needs within limits; beyond that, it scrolls.
void EntryCard::fitCommand()
{
    const QFontMetrics metrics(m_command->font());
    const int width = std::max(m_command->viewport()->width() - 8, 200);
    const int needed = metrics.boundingRect(QRect(0, 0, width, 10'000), Qt::TextWrapAnywhere, commandShown()).height();
    const int lines = std::clamp((needed + metrics.height() - 1) / metrics.height(), 1, mostCommandLines);
    m_command->setFixedHeight(lines * metrics.lineSpacing() + commandMargins);
}

void EntryCard::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    fitCommand();
}

void EntryCard::updateAdvice()
{
    const QByteArray name = m_entry && !m_entry->command.isEmpty() && m_entry->kind == SlowlogKind::Slow
        ? m_entry->command.first().toUpper()
        : QByteArray();
    const auto found = std::find_if(commandsWithAdvice.begin(), commandsWithAdvice.end(),
                                    [&](const CommandAdvice &advice) { return name == advice.command; });
    m_advice->setVisible(found != commandsWithAdvice.end());
    if (found == commandsWithAdvice.end())
        return;
    m_adviceTitle->setText(tr(found->what));
    m_adviceText->setText(tr("The node could run nothing else for %1.").arg(costText(m_entry->kind, m_entry->cost))
                          + u' ' + tr(found->way));
}

QString EntryCard::commandShown() const
{
    return m_command->toPlainText();
}

QString EntryCard::fact(const QString &key) const
{
    return m_facts->fact(key);
}

QString EntryCard::adviceText() const
{
    return m_advice->isHidden() ? QString() : m_adviceTitle->text() + u' ' + m_adviceText->text();
}

void EntryCard::copyCommand() const
{
    if (m_entry)
        QGuiApplication::clipboard()->setText(QString::fromLatin1(wholeCommandLine(m_entry->command)));
}

} // namespace slotscope
