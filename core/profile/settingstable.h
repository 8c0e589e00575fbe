// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QStringList>
#include <QVariant>

class QSettings;

namespace slotscope {

/// A user setting, for window and command line alike. State that pages remember (splitters, columns) is not included.
struct Setting
{
    enum class Kind : quint8 {
        Switch,
        Number, ///< from `least` to `most`
        Choice, ///< one of `choices`
    };
    const char *key = nullptr; ///< key in the file
    Kind kind = Kind::Switch;
    QVariant standard; ///< default value: bool, int or QString
    int least = 0, most = 0;
    QStringList choices = {}; ///< allowed values, as in the file
    const char *area = nullptr, *title = nullptr, *what = nullptr; ///< untranslated texts, in the context "slotscope"
    const char *unit = nullptr; ///< for a number; untranslated
};

/// All settings, in display order.
[[nodiscard]] const QList<Setting> &settingsTable();
/// Null if there is no setting with this key.
[[nodiscard]] const Setting *settingOf(const QString &key);
/// The value in the file, or the default if it is missing or not allowed; always of the setting's type.
[[nodiscard]] QVariant settingValue(const QSettings &settings, const QString &key);
/// Error::InvalidArgument if the value is not allowed. Setting the default removes the key from the file.
[[nodiscard]] Result<> setSetting(QSettings &settings, const QString &key, const QVariant &value);

} // namespace slotscope
