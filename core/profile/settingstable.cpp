// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/settingstable.h"

#include "core/base/tr.h"
#include "core/base/translations.h"

#include <QSettings>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

QStringList languageCodes()
{
    QStringList codes{QString()};
    for (const Language &each : languages())
        codes.append(each.code);
    return codes;
}

constexpr char look[] = QT_TRANSLATE_NOOP("slotscope", "Appearance and language");
constexpr char watching[] = QT_TRANSLATE_NOOP("slotscope", "Health monitoring");
constexpr char audit[] = QT_TRANSLATE_NOOP("slotscope", "Audit log");

/// The value converted to the setting's type; nullopt if the table does not allow it.
std::optional<QVariant> permittedValue(const Setting &setting, const QVariant &value)
{
    switch (setting.kind) {
    case Setting::Kind::Switch: {
        const QString text = value.toString();
        if (text == u"true" || text == u"1")
            return QVariant(true);
        return text == u"false" || text == u"0" ? std::optional(QVariant(false)) : std::nullopt;
    }
    case Setting::Kind::Number: {
        bool isNumber = false;
        const int number = value.toString().toInt(&isNumber);
        const bool fits = isNumber && number >= setting.least && number <= setting.most;
        return fits ? std::optional(QVariant(number)) : std::nullopt;
    }
    case Setting::Kind::Choice:
        return setting.choices.contains(value.toString()) ? std::optional(QVariant(value.toString())) : std::nullopt;
    }
    Q_UNREACHABLE();
}

} // namespace

const QList<Setting> &settingsTable()
{
    using Kind = Setting::Kind;
    static const QList<Setting> all{
        {.key = "window/theme",
         .kind = Kind::Choice,
         .standard = u"0"_s,
         .choices = {u"0"_s, u"1"_s, u"2"_s},
         .area = look,
         .title = QT_TRANSLATE_NOOP("slotscope", "Theme"),
         .what = QT_TRANSLATE_NOOP("slotscope", "Dark, light, or following the system.")},
        {.key = "window/language",
         .kind = Kind::Choice,
         .standard = QString(),
         .choices = languageCodes(),
         .area = look,
         .title = QT_TRANSLATE_NOOP("slotscope", "Language"),
         .what = QT_TRANSLATE_NOOP("slotscope", "The language of the window; takes effect immediately.")},
        {.key = "window/scale",
         .kind = Kind::Choice,
         .standard = u"100"_s,
         .choices = {u"100"_s, u"110"_s, u"125"_s, u"150"_s, u"175"_s, u"200"_s},
         .area = look,
         .title = QT_TRANSLATE_NOOP("slotscope", "Size of text and controls"),
         .what =
             QT_TRANSLATE_NOOP("slotscope", "In addition to the system's setting; takes effect at the next start.")},
        {.key = "window/contrast",
         .kind = Kind::Switch,
         .standard = false,
         .area = look,
         .title = QT_TRANSLATE_NOOP("slotscope", "High contrast"),
         .what = QT_TRANSLATE_NOOP("slotscope", "Black and white with strong colours and clear borders.")},
        {.key = "window/still",
         .kind = Kind::Switch,
         .standard = false,
         .area = look,
         .title = QT_TRANSLATE_NOOP("slotscope", "Reduce motion"),
         .what = QT_TRANSLATE_NOOP("slotscope", "Nothing pulses, blinks or slides.")},
        {.key = "watch/notify",
         .kind = Kind::Switch,
         .standard = true,
         .area = watching,
         .title = QT_TRANSLATE_NOOP("slotscope", "Notify when the health of a cluster changes"),
         .what = QT_TRANSLATE_NOOP("slotscope",
                                   "A notification when the cluster of an open connection becomes worse or recovers "
                                   "while another tab or program is in front. Only while Slotscope is open.")},
        {.key = "watch/tray",
         .kind = Kind::Switch,
         .standard = false,
         .area = watching,
         .title = QT_TRANSLATE_NOOP("slotscope", "Icon in the system tray"),
         .what = QT_TRANSLATE_NOOP(
             "slotscope",
             "Shows the worst state of all open connections and gives access to each. Some desktops have no tray.")},
        {.key = "audit/records",
         .kind = Kind::Switch,
         .standard = true,
         .area = audit,
         .title = QT_TRANSLATE_NOOP("slotscope", "Record commands that change servers"),
         .what = QT_TRANSLATE_NOOP("slotscope",
                                   "Each command that may change a server is recorded in the audit log with time, "
                                   "node, user and result, but without passwords.")},
        {.key = "audit/strict",
         .kind = Kind::Switch,
         .standard = false,
         .area = audit,
         .title = QT_TRANSLATE_NOOP("slotscope", "Refuse changes that cannot be recorded"),
         .what = QT_TRANSLATE_NOOP(
             "slotscope",
             "While the log cannot be written (for example, the disk is full), no command that changes a server is "
             "sent. If this is off, work continues, and the log later states how many entries are missing.")},
        {.key = "audit/fileMegabytes",
         .kind = Kind::Number,
         .standard = 10,
         .least = 1,
         .most = 1000,
         .area = audit,
         .title = QT_TRANSLATE_NOOP("slotscope", "Maximum file size"),
         .what =
             QT_TRANSLATE_NOOP("slotscope", "When a file reaches this size, it is set aside and a new one is started."),
         .unit = "MB"},
        {.key = "audit/files",
         .kind = Kind::Number,
         .standard = 10,
         .least = 2,
         .most = 1000,
         .area = audit,
         .title = QT_TRANSLATE_NOOP("slotscope", "Number of files"),
         .what = QT_TRANSLATE_NOOP("slotscope", "The oldest file is removed when there are more.")},
    };
    return all;
}

const Setting *settingOf(const QString &key)
{
    const QList<Setting> &all = settingsTable();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&key](const Setting &each) { return key == QLatin1StringView(each.key); });
    return found == all.end() ? nullptr : &*found;
}

QVariant settingValue(const QSettings &settings, const QString &key)
{
    const Setting *setting = settingOf(key);
    if (!setting)
        return {};
    return permittedValue(*setting, settings.value(key)).value_or(setting->standard);
}

Result<> setSetting(QSettings &settings, const QString &key, const QVariant &value)
{
    const Setting *setting = settingOf(key);
    const auto permitted = setting ? permittedValue(*setting, value) : std::nullopt;
    if (!permitted)
        return failure(Error::Code::InvalidArgument, tr("%1 cannot be “%2”").arg(key, value.toString()));
    if (*permitted == setting->standard)
        settings.remove(key);
    else
        settings.setValue(key, *permitted);
    return {};
}

} // namespace slotscope
