// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QStringList>
#include <QVariant>

class QSettings;

namespace slotscope {

/// One setting that a user chooses, by window and command line alike. What pages remember of themselves (splitters,
/// columns) is none.
struct Setting
{
    enum class Kind : quint8 {
        Switch,
        Number, ///< `least` to `most`
        Choice, ///< one of `choices`
    };
    const char *key = nullptr; ///< in the file
    Kind kind = Kind::Switch;
    QVariant standard; ///< bool, int or QString
    int least = 0, most = 0;
    QStringList choices = {}; ///< as they stand in the file
    const char *area = nullptr, *title = nullptr, *what = nullptr; ///< to be translated, in the context "slotscope"
    const char *unit = nullptr; ///< of a number; untranslated too
};

/// All of them, in the order in which they are shown.
[[nodiscard]] const QList<Setting> &settingsTable();
/// Null where there is none of this key.
[[nodiscard]] const Setting *settingOf(const QString &key);
/// What the file says, or the standard where it says nothing or nothing that the table permits. Of the setting's type.
[[nodiscard]] QVariant settingValue(const QSettings &settings, const QString &key);
/// Error::InvalidArgument where the table does not permit it. The standard is kept by leaving the key out.
[[nodiscard]] Result<> setSetting(QSettings &settings, const QString &key, const QVariant &value);

} // namespace slotscope
