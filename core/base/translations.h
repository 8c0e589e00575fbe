// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace slotscope {

/// A language that there are words for.
struct Language
{
    QString code; ///< "ko", as settings and --language have it
    QString name; ///< as those who speak it call it
};

/// English first.
[[nodiscard]] QList<Language> languages();
/// Whether `code` is one of languages(), or empty: the system's.
[[nodiscard]] bool isLanguage(const QString &code);
/// What setLanguage() was given last; empty: the system's.
[[nodiscard]] QString chosenLanguage();
/// What is spoken: a code of languages().
[[nodiscard]] QString spokenLanguage();

/// From now on texts are made in the language `code`; empty, or one without words: the system's, or English. Qt's own
/// texts too, where the system has them. Numbers and dates stay as they are. Widgets keep what they have been told: see
/// MainWindow::setLanguage(). After the application object was made; its thread.
void setLanguage(const QString &code = {});

} // namespace slotscope
