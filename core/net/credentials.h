// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace slotscope {

/// A command that prints the password. It is not secret and is shown to the user, so it should not contain a password.
struct PasswordCommand
{
    QString line = {}; ///< split with PasswordSource::wordsOf(), without a shell; empty: no command
    int validSeconds = 0; ///< the password is renewed before this time has passed; 0: never

    [[nodiscard]] bool isEmpty() const { return line.isEmpty(); }
    friend bool operator==(const PasswordCommand &, const PasswordCommand &) = default;
};

struct Credentials
{
    QString user; ///< empty: the default user
    QString password; ///< empty: no AUTH, unless `command` supplies a password
    PasswordCommand command = {}; ///< takes precedence over `password`

    [[nodiscard]] bool hasSecret() const { return !password.isEmpty() || !command.isEmpty(); }
    friend bool operator==(const Credentials &, const Credentials &) = default;
};

} // namespace slotscope
