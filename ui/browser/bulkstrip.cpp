// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/bulkstrip.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
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
    for (QWidget *widget : std::initializer_list<QWidget *>{m_report, m_pause, m_stop, m_close})
        layout->addWidget(widget);
    setMinimumHeight(56);
    hide();
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (m_progress.state == BulkProgress::State::Paused)
            m_job->tell([](BulkJob &job) { job.goOn(); });
        else
            m_job->tell([](BulkJob &job) { job.pause(); });
    });
    connect(m_stop, &QPushButton::clicked, this, [this] { m_job->tell([](BulkJob &job) { job.stop(); }); });
    connect(m_report, &QPushButton::clicked, this, &BulkStrip::showReport);
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
}

BulkStrip::~BulkStrip() = default;

void BulkStrip::start(const BulkRequest &request, const QString &title)
{
    if (isRunning() || !m_context.door())
        return;
    m_request = request;
    m_title = title;
    begin(UserConsent::None);
}

void BulkStrip::begin(UserConsent consent)
{
    if (!m_context.door())
        return;
    m_progress = {};
    m_progress.total = m_request.keys.size();
    m_error.clear();
    m_job = std::make_unique<Remote<BulkJob>>(*m_context.door());
    const auto sink = std::make_shared<BatchSink<BulkProgress>>(this, [this](const Batch<BulkProgress> &batch) {
        if (!batch.items.empty() && !m_progress.isOver())
            take(batch.items.back());
    });
    show();
    update();
    m_job
        ->call<BulkProgress>(
            [request = m_request, sink, consent](BulkJob &job) { return job.run(request, sink, consent); })
        .then(this, [this](const Result<BulkProgress> &result) {
            if (result) {
                take(*result);
                Q_EMIT ended(m_request, *result);
                return;
            }
            m_job.reset();
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
    auto *question = new QMessageBox(QMessageBox::Warning, m_title, tr("%1 on %2?").arg(m_title, m_context.title()),
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

void BulkStrip::take(const BulkProgress &progress)
{
    m_progress = progress;
    update();
}

QString BulkStrip::text() const
{
    return m_counts->text() + u" · "_s + m_failures->text();
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
    m_name->setText(state.isEmpty() ? m_title : tr("%1 · %2").arg(m_title, state));
    m_bar->setRange(0, 1000);
    m_bar->setValue(p.total > 0 ? int(1000 * p.handled() / p.total) : 0);
    setStyleProperty(m_bar, "tone", p.failed > 0 ? u"warn"_s : p.state == State::Done ? u"ok"_s : QString());
    QStringList words{tr("%1 of %2 keys").arg(groupedNumber(p.handled()), groupedNumber(p.total))};
    if (p.untouched > 0)
        words.append(m_request.act == BulkRequest::Act::Persist
                         ? tr("%1 lived for ever, or were gone").arg(groupedNumber(p.untouched))
                         : tr("%1 were gone already").arg(groupedNumber(p.untouched)));
    if (p.isOver() && p.elapsedMs > 0)
        words.append(tr("in %1").arg(duration(p.elapsedMs)));
    else if (p.elapsedMs > 0)
        words.append(tr("%1 k/s").arg(double(p.handled()) / double(p.elapsedMs), 0, 'f', 1));
    m_counts->setText(words.join(u" · "_s));
    m_failures->setText(!m_error.isEmpty() ? m_error
                            : p.failed > 0 ? tr("%1 failed").arg(groupedNumber(p.failed))
                                           : QString());
    m_failures->setVisible(!m_failures->text().isEmpty());
    m_report->setVisible(!p.failures.isEmpty());
    m_pause->setVisible(!p.isOver());
    m_stop->setVisible(!p.isOver());
    m_close->setVisible(p.isOver());
    const bool paused = p.state == State::Paused;
    m_pause->setIcon(themedIcon(paused ? u"play"_s : u"pause"_s, m_context.theme()));
    m_pause->setText(paused ? tr("Go on") : tr("Pause"));
}

void BulkStrip::showReport()
{
    auto *dialog = new QDialog(window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("What failed"));
    dialog->resize(760, 420);
    QStringList lines;
    for (const BulkFailure &failure : std::as_const(m_progress.failures))
        lines.append(toDisplay(failure.key) + u"\t"_s + describe(failure.error));
    if (m_progress.failed > m_progress.failures.size())
        lines.append(tr("… and %1 more").arg(groupedNumber(m_progress.failed - m_progress.failures.size())));
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
