// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace slotscope {

/// A language with translations.
struct Language
{
    QString code; ///< such as "ko", as in settings and --language
    QString name; ///< name of the language in itself
};

/// All languages, English first.
[[nodiscard]] QList<Language> languages();
/// Whether `code` is in languages(), or empty for the system's language.
[[nodiscard]] bool isLanguage(const QString &code);
/// The language passed to setLanguage() last; empty: the system's.
[[nodiscard]] QString chosenLanguage();
/// The language in use, a code from languages().
[[nodiscard]] QString spokenLanguage();

/// Sets the language of texts made from now on. If `code` is empty or has no translations, the system's language is
/// used, or English. Includes Qt's own texts if the system has them, but not number and date formats. Existing widgets
/// keep their texts: see MainWindow::setLanguage(). Call after the application object exists, on its thread.
void setLanguage(const QString &code = {});

} // namespace slotscope
