// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/bulkstrip.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QHBoxLayout>
#include <QDialog>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

BulkStrip::BulkStrip(PageContext &context, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_name(new ElidedLabel({}, Qt::ElideRight, this))
    , m_counts(new ElidedLabel({}, Qt::ElideRight, this))
    , m_failures(new ElidedLabel({}, Qt::ElideRight, this))
    , m_bar(new QProgressBar(this))
    , m_replace(new QPushButton(this))
    , m_report(new QPushButton(tr("Report…"), this))
    , m_pause(new QPushButton(this))
    , m_stop(new QPushButton(themedIcon(u"stop"_s, context.theme()), tr("Stop"), this))
    , m_close(new QToolButton(this))
{
    setProperty("card", true);
    m_name->setFont(Theme::strongFont());
    m_counts->setProperty("tone", u"muted"_s);
    m_failures->setProperty("tone", u"error"_s);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(6);
    m_bar->setAccessibleName(tr("Progress"));
    m_close->setIcon(themedIcon(u"close"_s, context.theme()));
    m_close->setAccessibleName(tr("Close"));
    auto *left = new QVBoxLayout;
    left->setSpacing(6);
    left->addWidget(m_name);
    left->addWidget(m_bar);
    auto *middle = new QVBoxLayout;
    middle->setSpacing(2);
    middle->addWidget(m_counts);
    middle->addWidget(m_failures);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 12, 8);
    layout->setSpacing(16);
    layout->addLayout(left, 3);
    layout->addLayout(middle, 4);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_replace, m_report, m_pause, m_stop, m_close})
        layout->addWidget(widget);
    setMinimumHeight(56);
    hide();
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (m_progress.state == BulkProgress::State::Paused)
            m_task.goOn();
        else
            m_task.pause();
    });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_task.stop(); });
    connect(m_replace, &QPushButton::clicked, this, &BulkStrip::askToReplace);
    connect(m_report, &QPushButton::clicked, this, &BulkStrip::showReport);
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
}

BulkStrip::~BulkStrip() = default;

void BulkStrip::start(BulkTask task)
{
    if (isRunning())
        return;
    m_task = std::move(task);
    begin(UserConsent::None);
}

void BulkStrip::begin(UserConsent consent)
{
    m_progress = {};
    m_progress.total = m_task.total;
    m_error.clear();
    m_isBegun = true;
    const auto sink = std::make_shared<BatchSink<BulkProgress>>(this, [this](const Batch<BulkProgress> &batch) {
        if (!batch.items.empty() && !m_progress.isOver())
            take(batch.items.back());
    });
    show();
    update();
    whenDone(m_task.run(sink, consent), this, [this](const Result<BulkProgress> &result) {
        if (result) {
            take(*result);
            if (m_task.atEnd)
                m_task.atEnd(*result);
            return;
        }
        m_isBegun = false;
        if (result.error().code == Error::Code::NeedsConsent) {
            hide();
            askForConsent(result.error());
            return;
        }
        m_progress.state = BulkProgress::State::Stopped;
        m_error = describe(result.error());
        update();
    });
}

void BulkStrip::askForConsent(const Error &why)
{
    const QString connection = m_task.connection.isEmpty() ? m_context.title() : m_task.connection;
    auto *question = new QMessageBox(QMessageBox::Warning, m_task.title, tr("%1 on %2?").arg(m_task.title, connection),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"consentQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(why.detail);
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    const QAbstractButton *agree = question->addButton(tr("Do it"), QMessageBox::DestructiveRole);
    connect(
        agree, &QAbstractButton::clicked, this, [this] { begin(UserConsent::Given); }, Qt::QueuedConnection);
    question->open();
}

void BulkStrip::askToReplace()
{
    const QString count = groupedNumber(m_progress.conflicts.size());
    auto *question = new QMessageBox(QMessageBox::Warning, tr("Replace keys"),
                                     tr("Replace %1 keys that exist already?").arg(count), QMessageBox::NoButton, this);
    question->setObjectName(u"replaceQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(tr("Their values go, and cannot be had back."));
    question->setDefaultButton(question->addButton(tr("Leave them"), QMessageBox::RejectRole));
    const QAbstractButton *agree = question->addButton(tr("Replace %1 keys").arg(count), QMessageBox::DestructiveRole);
    connect(
        agree, &QAbstractButton::clicked, this,
        [this] {
            const auto replace = m_task.replace;
            const QByteArrayList keys = m_progress.conflicts;
            replace(keys);
        },
        Qt::QueuedConnection);
    question->open();
}

void BulkStrip::take(const BulkProgress &progress)
{
    m_progress = progress;
    update();
}

QString BulkStrip::text() const
{
    return m_counts->text() + u" · "_s + m_failures->text();
}

void BulkStrip::updateBar()
{
    const BulkProgress &p = m_progress;
    const bool byKeys = p.total >= 0, byBytes = !byKeys && p.bytesTotal > 0;
    const qint64 done = byKeys ? p.handled() : p.bytes;
    const qint64 all = byKeys ? p.total : p.bytesTotal;
    const bool isUnknown = !byKeys && !byBytes && !p.isOver();
    m_bar->setRange(0, isUnknown ? 0 : 1000); // 0 to 0: it only moves
    if (p.state == BulkProgress::State::Done)
        m_bar->setValue(1000);
    else
        m_bar->setValue(all > 0 ? int(1000.0 * double(done) / double(all)) : 0);
    setStyleProperty(m_bar, "tone",
                     p.failed > 0                               ? u"warn"_s
                         : p.state == BulkProgress::State::Done ? u"ok"_s
                                                                : QString());
}

QString BulkStrip::countsText() const
{
    const BulkProgress &p = m_progress;
    QStringList words{p.total >= 0 ? tr("%1 of %2 keys").arg(groupedNumber(p.handled()), groupedNumber(p.total))
                                   : tr("%1 keys").arg(groupedNumber(p.handled()))};
    if (p.isOver() && !m_task.changedWords.isEmpty())
        words.append(m_task.changedWords.arg(groupedNumber(p.changed)));
    if (p.untouched > 0)
        words.append(m_task.untouchedWords.arg(groupedNumber(p.untouched)));
    if (p.bytes > 0)
        words.append(byteSize(p.bytes));
    if (p.isOver() && p.elapsedMs > 0)
        words.append(tr("in %1").arg(duration(p.elapsedMs)));
    else if (p.elapsedMs > 0)
        words.append(tr("%1 k/s").arg(double(p.handled()) / double(p.elapsedMs), 0, 'f', 1));
    return (words + p.notes).join(u" · "_s);
}

void BulkStrip::update()
{
    using State = BulkProgress::State;
    const BulkProgress &p = m_progress;
    QString state;
    if (p.state == State::Paused)
        state = tr("paused");
    else if (p.state == State::Stopped)
        state = tr("stopped");
    else if (p.state == State::Done)
        state = p.failed > 0 ? tr("ended with failures") : tr("done");
    m_name->setText(state.isEmpty() ? m_task.title : tr("%1 · %2").arg(m_task.title, state));
    updateBar();
    m_counts->setText(countsText());
    m_failures->setText(!m_error.isEmpty() ? m_error
                            : p.failed > 0 ? tr("%1 failed").arg(groupedNumber(p.failed))
                                           : QString());
    m_failures->setVisible(!m_failures->text().isEmpty());
    m_report->setVisible(!p.failures.isEmpty() || !p.conflicts.isEmpty() || !p.notes.isEmpty());
    m_replace->setVisible(p.isOver() && m_task.replace && !p.conflicts.isEmpty());
    m_replace->setText(tr("Replace %1…").arg(groupedNumber(p.conflicts.size())));
    m_pause->setVisible(!p.isOver());
    m_stop->setVisible(!p.isOver());
    m_close->setVisible(p.isOver());
    const bool paused = p.state == State::Paused;
    m_pause->setIcon(themedIcon(paused ? u"play"_s : u"pause"_s, m_context.theme()));
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
}

void BulkStrip::showReport()
{
    auto *dialog = new QDialog(window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Report: %1").arg(m_task.title));
    dialog->resize(760, 420);
    QStringList lines = m_progress.notes;
    if (m_progress.failed > 0)
        lines.append(tr("%1 failed:").arg(groupedNumber(m_progress.failed)));
    for (const BulkFailure &failure : std::as_const(m_progress.failures))
        lines.append(toDisplay(failure.key) + u"\t"_s + describe(failure.error));
    if (m_progress.failed > m_progress.failures.size())
        lines.append(tr("… and %1 more").arg(groupedNumber(m_progress.failed - m_progress.failures.size())));
    if (!m_progress.conflicts.isEmpty())
        lines.append(tr("Left, since they exist already:"));
    for (const QByteArray &key : std::as_const(m_progress.conflicts))
        lines.append(toDisplay(key));
    auto *text = new QPlainTextEdit(lines.join(u'\n'), dialog);
    text->setReadOnly(true);
    text->setFont(Theme::monoFont());
    auto *close = new QPushButton(tr("Close"), dialog);
    connect(close, &QPushButton::clicked, dialog, &QDialog::accept);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(text, 1);
    layout->addWidget(close, 0, Qt::AlignRight);
    dialog->open();
}

} // namespace slotscope
