// SPDX-License-Identifier: GPL-3.0-or-later
#include "application.h"

#include "core/base/errortext.h"
#include "core/base/standardfiles.h"
#include "core/base/text.h"
#include "core/base/translations.h"
#include "core/net/filelimit.h"
#include "core/net/ownuri.h"
#include "core/net/passwordsource.h"
#include "core/profile/profilefile.h"
#include "core/net/sshaskpass.h"
#include "core/profile/settingstable.h"
#include "core/session/shardmemory.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>
#include <QStandardPaths>
#include <QUrlQuery>

#include <algorithm>
#include <cstdio>

namespace {

using namespace Qt::Literals::StringLiterals;

bool namesAProgram(const QString &uri)
{
    const auto items = QUrlQuery(uri.section(u'?', 1)).queryItems(QUrl::FullyDecoded);
    return std::any_of(items.cbegin(), items.cend(),
                       [](const auto &item) { return slotscope::PasswordSource::isOption(item.first); });
}

/// Returns nothing if the arguments are wrong; the reason is printed.
std::optional<slotscope::StartOptions> readWords()
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"A desktop tool for Redis and Valkey clusters."_s);
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({
        {u"demo"_s, u"Start a temporary cluster on this computer and show it."_s},
        {u"server"_s, u"Server program that --demo starts (redis-server or valkey-server)."_s, u"PATH"_s},
        {u"profiles"_s, u"A file of connections to show in addition to the saved ones (may be repeated)."_s, u"FILE"_s},
        {u"read-only"_s, u"Send no commands that may change the servers."_s},
        {u"language"_s, u"Language of the window: en or ko. Default: the saved one, or the system's."_s, u"CODE"_s},
        {u"tour"_s,
         u"Write a picture of every page to DIR, in dark and light, and exit; exit code 1 if a page showed no data."_s,
         u"DIR"_s},
    });
    parser.addPositionalArgument(u"URI"_s, u"redis://[user[:password]@]host[:port][,host[:port]…][/db]"_s, u"[URI…]"_s);
    parser.process(*QCoreApplication::instance());
    if (parser.isSet(u"profiles"_s))
        slotscope::setProfileFilePaths(parser.values(u"profiles"_s));
    slotscope::StartOptions options;
    options.demo = parser.isSet(u"demo"_s);
    options.serverPath = parser.value(u"server"_s);
    options.tourFolder = parser.value(u"tour"_s);
    options.language = parser.value(u"language"_s);
    if (!slotscope::isLanguage(options.language)) {
        QStringList codes;
        for (const slotscope::Language &each : slotscope::languages())
            codes.append(each.code);
        std::fprintf(stderr, "slotscope: --language is one of %s\n", qUtf8Printable(codes.join(u", "_s)));
        return std::nullopt;
    }
    const QStringList uris = parser.positionalArguments();
    for (const QString &uri : uris) {
        auto target = slotscope::ConnectionTarget::parse(uri);
        if (!target && (slotscope::parseOwnUri(uri) || namesAProgram(uri))) {
            // the link asks for something that only the user may set; somebody who clicks a link sees no terminal
            options.refusedLinks.append(slotscope::describe(target.error()));
            continue;
        }
        if (!target) {
            std::fprintf(stderr, "slotscope: %s\n",
                         qUtf8Printable(slotscope::terminalSafe(slotscope::describe(target.error()),
                                                                slotscope::LineBreaks::Keep)));
            return std::nullopt;
        }
        target->readOnly = target->readOnly || parser.isSet(u"read-only"_s);
        options.targets.append(*target);
    }
    if (!options.tourFolder.isEmpty() && options.targets.isEmpty())
        options.demo = true;
    return options;
}

/// Whether the arguments only request a text (such as --help), which needs no display.
bool asksForText(int argc, char *argv[])
{
    return std::any_of(argv + std::min(1, argc), argv + argc, [](const char *word) {
        const QByteArrayView text(word);
        return text == "-h" || text == "--help" || text == "--help-all" || text == "-v" || text == "--version";
    });
}

/// A tour starts without the user's settings. Called before the application object exists.
bool isTour(int argc, char *argv[])
{
    return std::any_of(argv + std::min(1, argc), argv + argc,
                       [](const char *word) { return QByteArrayView(word).startsWith("--tour"); });
}

/// Qt aborts if it finds no display; this prints the reason instead.
bool hasDisplay(int argc, char *argv[])
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    const bool named = std::any_of(argv + std::min(1, argc), argv + argc,
                                   [](const char *word) { return QByteArrayView(word).startsWith("-platform"); });
    return named || !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        || !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
#else
    Q_UNUSED(argc)
    Q_UNUSED(argv)
    return true;
#endif
}

QString settingsPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + u"/slotscope/slotscope.conf"_s;
}

/// Qt reads the scale factor when the application object is created, before options are parsed. A variable set by the
/// user is not changed.
void setScale()
{
    const QSettings settings;
    const double percent = slotscope::settingValue(settings, u"window/scale"_s).toDouble();
    if (percent != 100 && !qEnvironmentVariableIsSet("QT_SCALE_FACTOR"))
        qputenv("QT_SCALE_FACTOR", QByteArray::number(percent / 100));
}

void setNames()
{
    QCoreApplication::setOrganizationName(u"slotscope"_s);
    QCoreApplication::setApplicationName(u"slotscope"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(SLOTSCOPE_VERSION));
}

} // namespace

int main(int argc, char *argv[])
{
    slotscope::openStandardFiles();
    if (const auto code = slotscope::runAsAskpass(argc, argv))
        return *code;
    setNames();
    if (asksForText(argc, argv)) {
        const QCoreApplication app(argc, argv);
        return readWords() ? 0 : 2;
    }
    if (!hasDisplay(argc, argv)) {
        std::fputs("slotscope: no display: neither DISPLAY nor WAYLAND_DISPLAY is set\n", stderr);
        return 1;
    }
    slotscope::raiseFileLimit();
    slotscope::SettingsStart settings;
    if (!isTour(argc, argv)) {
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS) // on other systems, the system stores the settings elsewhere
        settings = slotscope::prepareSettings(settingsPath());
#endif
        setScale();
        slotscope::ShardMemory::setOfProgram(
            std::make_shared<slotscope::ShardMemory>(slotscope::ShardMemory::defaultPath()));
    }
    QApplication app(argc, argv);
    QGuiApplication::setApplicationDisplayName(u"Slotscope"_s);
    slotscope::setLanguage();
    auto options = readWords();
    if (!options)
        return 2;
    options->settings = settings;
    slotscope::setLanguage(slotscope::languageOf(*options));
    slotscope::Application application(*options);
    application.start();
    return QApplication::exec();
}
