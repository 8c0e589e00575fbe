// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#ifndef Q_MOC_RUN // moc 6.4 stumbles over <concepts>, which this brings in
#include <coroutine>
#endif
#include <memory>
#include <optional>
#include <utility>

namespace slotscope {

/// One value that one coroutine waits for. Unlike a QFuture it costs no lock, and the giving side always completes it
/// (a connection that dies completes its requests with an error). Both sides live on one thread.
template <typename T>
class Awaited
{
    struct State
    {
        std::optional<T> value;
        std::coroutine_handle<> waiter;
    };

public:
    /// The giving side.
    class Completer
    {
    public:
        /// First call wins; resumes the waiting coroutine before it returns.
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
