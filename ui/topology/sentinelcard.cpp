// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/sentinelcard.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QGridLayout>
#include <QMessageBox>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr qsizetype mostSentinelRows = 7;

/// Returns a word for the state of a Sentinel and its tone.
std::pair<QString, Tone> stateOf(const SentinelWord &word, const QString &primary)
{
    if (word.reach.state == Reach::State::Connecting || word.reach.state == Reach::State::Unknown)
        return {SentinelCard::tr("connecting"), Tone::Muted};
    if (word.reach.state != Reach::State::Ready)
        return {SentinelCard::tr("no answer"), Tone::Bad};
    if (!word.hasAnswered)
        return {SentinelCard::tr("waiting"), Tone::Muted};
    if (!word.tellsPrimary())
        return {SentinelCard::tr("no primary"), Tone::Bad};
    const bool isAstray = !primary.isEmpty() && word.primary.address != primary;
    const bool isDown = word.primary.flags.contains("s_down") || word.primary.flags.contains("o_down");
    if (isAstray || isDown || !word.quorumProblem.isEmpty())
        return {isAstray ? SentinelCard::tr("other primary") : SentinelCard::tr("warning"), Tone::Warning};
    return {SentinelCard::tr("ok"), Tone::Good};
}

QString saidBy(const SentinelWord &word)
{
    if (!word.tellsPrimary()) {
        const bool answers = word.reach.state == Reach::State::Ready && word.hasAnswered;
        return answers || word.reach.state == Reach::State::Waiting || word.reach.state == Reach::State::Refused
            ? describe(answers ? word.error : word.reach.error)
            : QString();
    }
    QStringList parts{SentinelCard::tr("reports %1").arg(word.primary.address)};
    if (word.primary.flags.contains("o_down"))
        parts << SentinelCard::tr("reported down by the quorum");
    else if (word.primary.flags.contains("s_down"))
        parts << SentinelCard::tr("cannot reach it");
    if (word.primary.flags.contains("failover_in_progress"))
        parts << SentinelCard::tr("a failover is in progress");
    if (!word.quorumProblem.isEmpty())
        parts << word.quorumProblem;
    parts << SentinelCard::tr("config epoch %1").arg(word.primary.epoch);
    if (!word.isQuorumKnown)
        parts << SentinelCard::tr("it is not known whether enough other Sentinels are there");
    if (word.needsNoPassword)
        parts << SentinelCard::tr("needs no password");
    if (word.reach.roundTripMs >= 0)
        parts << SentinelCard::tr("%1 ms").arg(word.reach.roundTripMs, 0, 'f', 1);
    return parts.join(u" · "_s);
}

} // namespace

SentinelCard::SentinelCard(PageContext &context, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_title(plainLabel({}, nullptr, this))
    , m_summary(new ElidedLabel({}, Qt::ElideRight, this))
    , m_outcome(new ElidedLabel({}, Qt::ElideRight, this))
    , m_failOver(new QPushButton(tr("Fail over…"), this))
    , m_grid(new QGridLayout)
    , m_more(plainLabel({}, "muted", this))
{
    setProperty("card", true);
    m_title->setFont(Theme::strongFont());
    m_summary->setProperty("tone", u"muted"_s);
    m_outcome->setObjectName(u"sentinelOutcome"_s);
    m_outcome->hide();
    m_failOver->setObjectName(u"sentinelFailover"_s);
    m_failOver->setProperty("flat", true);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 0, 0);
    head->setSpacing(10);
    head->addWidget(m_title);
    head->addWidget(m_summary, 1);
    head->addWidget(m_failOver);
    m_grid->setContentsMargins(4, 0, 8, 0);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(2, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 10);
    layout->setSpacing(4);
    layout->addLayout(head);
    layout->addLayout(m_grid);
    layout->addWidget(m_more);
    layout->addWidget(m_outcome);
    m_more->hide();
    connect(m_failOver, &QPushButton::clicked, this, &SentinelCard::askFailover);
    connect(&context, &PageContext::readOnlyChanged, this, &SentinelCard::updateButton);
    connect(&context, &PageContext::doorChanged, this, [this] {
        m_service.reset();
        m_running = false;
        m_outcome->hide();
    });
    hide();
}

SentinelCard::~SentinelCard() = default;

void SentinelCard::addRow()
{
    const int at = int(m_rows.size());
    Row row{.badge = new Badge(m_context.theme(), this),
            .address = plainLabel({}, nullptr, this),
            .says = new ElidedLabel({}, Qt::ElideRight, this)};
    row.address->setFont(Theme::monoFont());
    row.says->setProperty("tone", u"muted"_s);
    m_grid->addWidget(row.badge, at, 0, Qt::AlignLeft | Qt::AlignVCenter);
    m_grid->addWidget(row.address, at, 1);
    m_grid->addWidget(row.says, at, 2);
    m_rows.append(row);
}

void SentinelCard::showRow(const Row &row, const SentinelWord &word, const QString &primary)
{
    const auto [state, tone] = stateOf(word, primary);
    row.badge->setBadge(state, tone);
    row.address->setText(word.address);
    row.says->setText(saidBy(word));
    row.says->setAccessibleName(u"%1: %2, %3"_s.arg(word.address, state, row.says->text()));
}

void SentinelCard::setView(const ClusterViewPtr &view)
{
    m_state = view ? view->sentinels : nullptr;
    setVisible(m_state != nullptr);
    if (!m_state)
        return;
    const SentinelWord *leading = m_state->leading();
    const QString primary = leading ? leading->primary.address : QString();
    const qsizetype shown = std::min(m_state->sentinels.size(), mostSentinelRows);
    while (m_rows.size() < shown)
        addRow();
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        for (QWidget *part : std::initializer_list<QWidget *>{m_rows[i].badge, m_rows[i].address, m_rows[i].says})
            part->setVisible(i < shown);
        if (i < shown)
            showRow(m_rows[i], m_state->sentinels[i], primary);
    }
    const qsizetype more = m_state->sentinels.size() - shown;
    m_more->setText(tr("and %n more", nullptr, int(more)));
    m_more->setVisible(more > 0);
    const auto telling = std::count_if(m_state->sentinels.cbegin(), m_state->sentinels.cend(),
                                       [](const SentinelWord &word) { return word.tellsPrimary(); });
    m_title->setText(tr("Sentinels of “%1”").arg(m_state->primaryName));
    m_summary->setText(leading ? tr("%1 of %2 answer · %3 must report the primary down before a failover")
                                     .arg(telling)
                                     .arg(m_state->sentinels.size())
                                     .arg(leading->primary.quorum)
                               : tr("which server is the primary is not certain"));
    m_why = !leading                  ? tr("It is currently not certain which server is the primary.")
        : leading->replicas.isEmpty() ? tr("There is no replica that could be promoted.")
        : leading->primary.flags.contains("failover_in_progress") ? tr("A failover is in progress.")
                                                                  : QString();
    updateButton();
}

void SentinelCard::updateButton()
{
    const QString why = m_running ? tr("A failover is in progress.")
        : m_context.isReadOnly()  ? tr("This connection is read-only.")
                                  : m_why;
    m_failOver->setEnabled(why.isEmpty());
    m_failOver->setToolTip(why.isEmpty() ? tr("Let the Sentinels promote a replica (SENTINEL FAILOVER)") : why);
}

QString SentinelCard::toText() const
{
    QStringList lines;
    for (const Row &row : m_rows)
        if (row.address->isVisibleTo(this))
            lines << u"%1 %2 %3"_s.arg(row.badge->text(), row.address->text(), row.says->text());
    return lines.join(u'\n');
}

void SentinelCard::askFailover()
{
    const SentinelWord *leading = m_state ? m_state->leading() : nullptr;
    if (!leading)
        return;
    auto *question = new QMessageBox(QMessageBox::Question, tr("Fail over"),
                                     tr("Let the Sentinels promote a replica of “%1”?").arg(m_state->primaryName),
                                     QMessageBox::NoButton, this);
    question->setObjectName(u"sentinelQuestion"_s);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setTextFormat(Qt::PlainText);
    const QString where = m_context.environment().kind == EnvironmentKind::Production
        ? tr("This connection is marked as production.\n\n")
        : QString();
    question->setInformativeText(
        where
        + tr("%1 is the primary now. The Sentinels choose the replica; writes that have not reached it yet are lost, "
             "and clients are disconnected for some seconds.\n\nSENTINEL FAILOVER %2, sent to %3")
              .arg(leading->primary.address, m_state->primaryName, leading->address));
    QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
    const QPushButton *agree = question->addButton(tr("Fail over"), QMessageBox::AcceptRole);
    question->setDefaultButton(cancel);
    connect(question, &QMessageBox::finished, this, [this, question, agree, from = leading->primary.address] {
        if (question->clickedButton() == agree)
            failOver(from);
    });
    question->open();
}

void SentinelCard::failOver(const QString &from)
{
    if (!m_context.door() || m_running)
        return;
    if (!m_service)
        m_service = std::make_unique<Remote<SentinelFailover>>(*m_context.door());
    m_running = true;
    m_outcome->setProperty("tone", u"muted"_s);
    m_outcome->setText(tr("The Sentinels are failing over…"));
    m_outcome->show();
    updateButton();
    whenDone(m_service->call<SentinelSwitch>(
                 [from](SentinelFailover &service) { return service.run(UserConsent::Given, from); }),
             this, [this](const Result<SentinelSwitch> &done) {
                 m_running = false;
                 setStyleProperty(m_outcome, "tone", done ? u"ok"_s : u"error"_s);
                 m_outcome->setText(done ? tr("%1 is the primary now, after %2; before, it was %3.")
                                               .arg(done->after, duration(done->milliseconds), done->before)
                                         : describe(done.error()));
                 updateButton();
             });
}

} // namespace slotscope
