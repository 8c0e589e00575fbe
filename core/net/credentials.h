// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

/// A program that prints the password. It is no secret, and is shown to the user; a password should not stand in it.
struct PasswordCommand
{
    QString line = {}; ///< PasswordSource::wordsOf() it, no shell; empty: none
    int validSeconds = 0; ///< what it printed is renewed before so long has passed; 0: never

    [[nodiscard]] bool isEmpty() const { return line.isEmpty(); }
    friend bool operator==(const PasswordCommand &, const PasswordCommand &) = default;
};

struct Credentials
{
    QString user; ///< empty: the default user
    QString password; ///< empty: no AUTH, unless a command gives it
    PasswordCommand command = {}; ///< its word counts, not `password`

    [[nodiscard]] bool hasSecret() const { return !password.isEmpty() || !command.isEmpty(); }
    friend bool operator==(const Credentials &, const Credentials &) = default;
};

} // namespace slotscope
