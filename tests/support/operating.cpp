// SPDX-License-Identifier: GPL-3.0-or-later
#include "operating.h"

#include "core/base/errortext.h"
#include "core/base/text.h"

#include <QPointer>

namespace slotscope::test {

using namespace Qt::Literals::StringLiterals;

Operator::Operator(ConnectionTarget target)
    : m_target(std::move(target))
    , m_session(std::make_shared<ClusterSession>(m_target, SessionOptions{.pollMs = 0, .budget = {}}))
{ }

bool Operator::connect()
{
    m_session->start();
    const auto view = QCoro::waitFor(m_session->connected(10000));
    if (!view)
        m_failure = describe(view.error());
    return view.has_value();
}

Result<OperationPlan> Operator::plan(const OperationRequest &request)
{
    return QCoro::waitFor(planFor(m_session, m_target.access(), request, m_folder.path()));
}

RunSnapshotPtr Operator::run(const OperationRequest &request, bool acceptDataLoss)
{
    const auto made = plan(request);
    if (!made) {
        m_failure = describe(made.error());
        return nullptr;
    }
    return run(*made, acceptDataLoss);
}

RunSnapshotPtr Operator::run(const OperationPlan &plan, bool acceptDataLoss)
{
    OperationRun operation(plan, m_target, m_session,
                           {.journalFolder = m_folder.path(), .dataLossAccepted = acceptDataLoss});
    return QCoro::waitFor(operation.run());
}

QByteArray Operator::idAt(const QString &address)
{
    return m_session->resolveNode(address).value_or(QByteArray());
}

ClusterViewPtr Operator::look()
{
    return QCoro::waitFor(m_session->fullCheck()).value_or(nullptr);
}

static QStringList checksOf(const OperationPlan &plan, PlanCheck::Verdict verdict)
{
    QStringList list;
    for (const PlanCheck &check : plan.checks)
        if (check.verdict == verdict)
            list.append(check.title + u' ' + check.detail);
    return list;
}

QStringList refusals(const OperationPlan &plan)
{
    return checksOf(plan, PlanCheck::Verdict::Refuse);
}

QStringList warnings(const OperationPlan &plan)
{
    return checksOf(plan, PlanCheck::Verdict::Warn);
}

QByteArray complaint(const RunSnapshotPtr &run)
{
    if (!run)
        return "there was no plan";
    if (run->state == RunState::Done)
        return {};
    QString text = stateName(run->state) + u": "_s + (run->error ? describe(*run->error) : QString());
    for (const RunLine &line : run->log)
        text += u"\n  "_s + line.text;
    return text.toUtf8();
}

LiveWriters::LiveWriters(ConnectionTarget target, int writers, int keys, QObject *parent)
    : QObject(parent), m_target(std::move(target)), m_writers(writers)
{
    for (int i = 0; i < keys; ++i)
        m_counters.push_back({.key = "live:" + QByteArray::number(i)});
}

LiveWriters::~LiveWriters()
{
    m_stopping = true;
    for (const auto &session : m_sessions)
        session->disconnect(this);
}

void LiveWriters::start()
{
    for (int i = 0; i < m_writers; ++i) {
        SessionOptions options;
        options.pollMs = 0;
        auto session = std::make_shared<ClusterSession>(m_target, options);
        session->start();
        m_sessions.push_back(session);
        ++m_running;
        write(session, i);
    }
}

QCoro::Task<> LiveWriters::write(std::shared_ptr<ClusterSession> session, int first)
{
    const QPointer<LiveWriters> self(this);
    const auto connected = co_await session->connected(10000);
    if (!self)
        co_return;
    if (!connected)
        m_errors.append(describe(connected.error()));
    // Each writer has its own counters, so no other client changes their values.
    for (size_t i = size_t(first); connected && !m_stopping; i += size_t(m_writers)) {
        if (i >= m_counters.size())
            i = size_t(first);
        const auto reply = co_await session->execute(commandOf("INCR", m_counters[i].key));
        if (!self)
            co_return;
        if (reply) {
            ++m_counters[i].acknowledged;
            ++m_acknowledged;
        } else {
            const Error::Code code = reply.error().code;
            if (code == Error::Code::MaybeExecuted || code == Error::Code::Timeout)
                ++m_counters[i].uncertain;
            m_errors.append(describe(reply.error()));
        }
    }
    --m_running;
}

bool LiveWriters::stop()
{
    m_stopping = true;
    return QTest::qWaitFor([this] { return m_running == 0; }, 60000);
}

LiveWriters::Sums LiveWriters::sums(ClusterSession &session, QStringList *texts) const
{
    Sums sums;
    for (const Counter &counter : m_counters) {
        const auto reply = QCoro::waitFor(session.execute(commandOf("GET", counter.key)));
        if (!reply) {
            ++sums.unreadable;
            if (texts)
                texts->append(toDisplay(counter.key) + u": "_s + describe(reply.error()));
            continue;
        }
        const qint64 value = reply->isNull() ? 0 : toInteger(reply->bytes()).value_or(-1);
        sums.missing += std::max<qint64>(0, counter.acknowledged - value);
        sums.surplus += std::max<qint64>(0, value - counter.acknowledged - counter.uncertain);
        if (texts && (value < counter.acknowledged || value > counter.acknowledged + counter.uncertain))
            texts->append(u"%1 is %2, acknowledged %3, uncertain %4"_s.arg(toDisplay(counter.key))
                              .arg(value)
                              .arg(counter.acknowledged)
                              .arg(counter.uncertain));
    }
    return sums;
}

QStringList LiveWriters::verify(ClusterSession &session) const
{
    QStringList texts;
    [[maybe_unused]] const Sums all = sums(session, &texts);
    return texts;
}

} // namespace slotscope::test
