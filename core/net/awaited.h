// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 cannot parse <concepts>, which this header includes
#include <coroutine>
#endif
#include <memory>
#include <optional>
#include <utility>

namespace slotscope {

/// A single value that one coroutine waits for. Unlike QFuture it uses no lock, and the Completer always sets it (a
/// connection that is lost completes its requests with an error). Both sides live on the same thread.
template <typename T>
class Awaited
{
    struct State
    {
        std::optional<T> value;
        std::coroutine_handle<> waiter;
    };

public:
    /// The side that sets the value.
    class Completer
    {
    public:
        /// Sets the value and resumes the waiting coroutine before it returns. Later calls have no effect.
        void complete(T value)
        {
            const std::shared_ptr<State> state = m_state;
            if (!state || state->value)
                return;
            state->value = std::move(value);
            if (const auto waiter = std::exchange(state->waiter, {}))
                waiter.resume();
        }
        [[nodiscard]] bool isDone() const { return !m_state || m_state->value.has_value(); }
        [[nodiscard]] Awaited awaited()
        {
            if (!m_state)
                m_state = std::make_shared<State>();
            return Awaited(m_state);
        }

    private:
        std::shared_ptr<State> m_state;
    };

    [[nodiscard]] bool await_ready() const { return m_state->value.has_value(); }
    void await_suspend(std::coroutine_handle<> waiter) { m_state->waiter = waiter; }
    [[nodiscard]] T await_resume() { return std::move(*m_state->value); }

    [[nodiscard]] static Awaited finished(T value)
    {
        auto state = std::make_shared<State>();
        state->value = std::move(value);
        return Awaited(std::move(state));
    }

private:
    explicit Awaited(std::shared_ptr<State> state) : m_state(std::move(state)) { }
    std::shared_ptr<State> m_state;
};

} // namespace slotscope
