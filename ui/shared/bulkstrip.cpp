// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/bulkstrip.h"

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

BulkStrip::BulkStrip(PageContext &context, Names names, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_names(names)
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
        if (progress().state == BulkProgress::State::Paused)
            m_run->goOn();
        else
            m_run->pause();
    });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_run->stop(); });
    connect(m_replace, &QPushButton::clicked, this, &BulkStrip::askToReplace);
    connect(m_report, &QPushButton::clicked, this, &BulkStrip::showReport);
    connect(m_close, &QToolButton::clicked, this, [this] {
        hide();
        if (m_context.keyJobs() && m_run)
            m_context.keyJobs()->dismiss(m_run);
    });
}

BulkStrip::~BulkStrip()
{
    if (m_book && m_run && !m_run->isRunning() && !m_run->progress().isOver()) // its question goes with the strip
        m_book->dismiss(m_run);
}

const BulkProgress &BulkStrip::progress() const
{
    static const BulkProgress none;
    return m_run ? m_run->progress() : none;
}

void BulkStrip::start(BulkTask task)
{
    if (isRunning())
        return;
    const auto run = std::make_shared<KeyJobRun>(std::move(task), m_context.title());
    setRun(run);
    connect(run.get(), &KeyJobRun::consentWanted, this, &BulkStrip::askForConsent);
    m_book = m_context.keyJobs();
    if (m_book)
        m_book->add(run);
    run->begin(UserConsent::None);
}

void BulkStrip::setRun(const KeyJobRunPtr &run)
{
    if (m_run)
        m_run->disconnect(this);
    m_run = run;
    connect(run.get(), &KeyJobRun::changed, this, &BulkStrip::update);
    show();
    update();
}

void BulkStrip::askForConsent(const Error &why)
{
    hide();
    const BulkTask &task = m_run->task();
    const QString connection = task.connection.isEmpty() ? m_run->connection() : task.connection;
    auto *question = new QMessageBox(QMessageBox::Warning, task.title, tr("%1 on %2?").arg(task.title, connection),
                                     QMessageBox::NoButton, parentWidget());
    question->setObjectName(u"consentQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(why.detail);
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    const QAbstractButton *agree = question->addButton(tr("Run"), QMessageBox::DestructiveRole);
    connect(
        agree, &QAbstractButton::clicked, this,
        [this, run = m_run] {
            show();
            run->begin(UserConsent::Given);
        },
        Qt::QueuedConnection);
    connect(question, &QDialog::rejected, this, [this, run = m_run] {
        if (m_book)
            m_book->dismiss(run);
        if (m_run == run)
            m_run.reset(); // and with it the session that it kept
    });
    question->open();
}

void BulkStrip::askToReplace()
{
    const QString count = groupedNumber(progress().conflicts.size());
    auto *question = new QMessageBox(QMessageBox::Warning, tr("Replace keys"),
                                     tr("Replace %1 keys that already exist?").arg(count), QMessageBox::NoButton, this);
    question->setObjectName(u"replaceQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setInformativeText(tr("Their current values are lost and cannot be restored."));
    question->setDefaultButton(question->addButton(tr("Keep them"), QMessageBox::RejectRole));
    const QAbstractButton *agree = question->addButton(tr("Replace %1 keys").arg(count), QMessageBox::DestructiveRole);
    connect(
        agree, &QAbstractButton::clicked, this,
        [this] {
            // a copy, because replace() may start a new job, which takes its place in m_run
            const KeyJobRunPtr run = m_run;
            if (run->canReplace())
                run->task().replace(run->progress().conflicts);
        },
        Qt::QueuedConnection);
    question->open();
}

QString BulkStrip::text() const
{
    return m_counts->text() + u" · "_s + m_failures->text();
}

void BulkStrip::updateBar()
{
    const BulkProgress &p = progress();
    const bool byKeys = p.total >= 0, byBytes = !byKeys && p.bytesTotal > 0;
    const qint64 done = byKeys ? p.handled() : p.bytes;
    const qint64 all = byKeys ? p.total : p.bytesTotal;
    const bool isUnknown = !byKeys && !byBytes && !p.isOver();
    m_bar->setRange(0, isUnknown ? 0 : 1000); // the range 0 to 0 shows an animation without a position
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
    const BulkProgress &p = progress();
    QStringList words{p.total >= 0 ? tr("%1 of %2 keys").arg(groupedNumber(p.handled()), groupedNumber(p.total))
                                   : tr("%1 keys").arg(groupedNumber(p.handled()))};
    if (p.isOver() && !m_run->task().changedWords.isEmpty())
        words.append(m_run->task().changedWords.arg(groupedNumber(p.changed)));
    if (p.untouched > 0)
        words.append(m_run->task().untouchedWords.arg(groupedNumber(p.untouched)));
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
    const BulkProgress &p = progress();
    QString state;
    if (p.state == State::Paused)
        state = tr("paused");
    else if (p.state == State::Stopped)
        state = tr("stopped");
    else if (p.state == State::Done)
        state = p.failed > 0 ? tr("finished with failures") : tr("done");
    const QString title = m_names == Names::Job
        ? m_run->title()
        : tr("%1: %2", "connection: job").arg(m_run->connection(), m_run->title());
    m_name->setText(state.isEmpty() ? title : tr("%1 · %2").arg(title, state));
    updateBar();
    m_counts->setText(countsText());
    m_failures->setText(!m_run->problem().isEmpty() ? m_run->problem()
                            : p.failed > 0          ? tr("%1 failed").arg(groupedNumber(p.failed))
                                                    : QString());
    m_failures->setVisible(!m_failures->text().isEmpty());
    m_report->setVisible(!p.failures.isEmpty() || !p.conflicts.isEmpty() || !p.notes.isEmpty());
    m_replace->setVisible(p.isOver() && m_run->canReplace());
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
    dialog->setWindowTitle(tr("Report: %1").arg(m_run->task().title));
    dialog->resize(760, 420);
    QStringList lines = progress().notes;
    if (progress().failed > 0)
        lines.append(tr("%1 failed:").arg(groupedNumber(progress().failed)));
    for (const BulkFailure &failure : std::as_const(progress().failures))
        lines.append(toDisplay(failure.key) + u"\t"_s + describe(failure.error));
    if (progress().failed > progress().failures.size())
        lines.append(tr("… and %1 more").arg(groupedNumber(progress().failed - progress().failures.size())));
    if (!progress().conflicts.isEmpty())
        lines.append(tr("Skipped, because they already exist:"));
    for (const QByteArray &key : std::as_const(progress().conflicts))
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
