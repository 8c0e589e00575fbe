// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QtGlobal>

#include <stop_token>

namespace slotscope {

/// Limits for decoding a value, for all layers together.
struct FormatLimits
{
    qsizetype outputBytes = 64 * 1024 * 1024; ///< bytes of all layers and the text together
    int depth = 500; ///< nesting depth of a structure
    qsizetype nodes = 2'000'000; ///< number of members of a structure
    int milliseconds = 2000;
};

/// What is left of the limits. One object serves a whole chain, so that limits do not start again for each layer.
class FormatBudget
{
public:
    explicit FormatBudget(const FormatLimits &limits, std::stop_token stop = {})
        : m_limits(limits), m_stop(std::move(stop)), m_outputLeft(limits.outputBytes), m_nodesLeft(limits.nodes)
    {
        m_clock.start();
    }

    enum class Spent : quint8 { Nothing, Output, Nodes, Time, Stopped };

    [[nodiscard]] const FormatLimits &limits() const { return m_limits; }
    [[nodiscard]] qsizetype outputLeft() const { return m_outputLeft; }
    [[nodiscard]] Spent spent() const { return m_spent; }

    /// Takes bytes from the budget. Returns false if a limit is exceeded, and always after that; spent() names the
    /// limit.
    bool takeOutput(qsizetype bytes)
    {
        if (bytes > m_outputLeft)
            return spend(Spent::Output);
        m_outputLeft -= bytes;
        return goesOn();
    }
    bool takeNode()
    {
        if (m_nodesLeft == 0)
            return spend(Spent::Nodes);
        --m_nodesLeft;
        return (++m_turns & 255) != 0 ? m_spent == Spent::Nothing : goesOn();
    }
    /// Checks the time limit and the stop token.
    bool goesOn()
    {
        if (m_spent != Spent::Nothing)
            return false;
        if (m_stop.stop_requested())
            return spend(Spent::Stopped);
        return m_clock.elapsed() < m_limits.milliseconds || spend(Spent::Time);
    }

private:
    bool spend(Spent what)
    {
        if (m_spent == Spent::Nothing)
            m_spent = what;
        return false;
    }

    FormatLimits m_limits;
    std::stop_token m_stop;
    QElapsedTimer m_clock;
    qsizetype m_outputLeft;
    qsizetype m_nodesLeft;
    quint32 m_turns = 0;
    Spent m_spent = Spent::Nothing;
};

} // namespace slotscope
