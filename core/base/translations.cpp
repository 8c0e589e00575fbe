// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <algorithm>
#include <memory>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr auto ownWords = "slotscopeWords"; // object name of the translators installed by this file

/// name of the application property that stores what was passed to setLanguage()
constexpr auto chosenKey = "slotscopeLanguage";

QString systemLanguage()
{
    const QStringList wanted = QLocale::system().uiLanguages();
    for (const QString &each : wanted) {
        const QString code = each.section(u'-', 0, 0).section(u'_', 0, 0).toLower();
        if (!code.isEmpty() && isLanguage(code))
            return code;
    }
    return u"en"_s;
}

/// Our translations by context, with a fallback to those of any context if lupdate recorded another one.
class Catalogue final : public QTranslator
{
public:
    using QTranslator::QTranslator;

    bool loadOf(const QString &language)
    {
        const QString folder = u":/slotscope/translations"_s;
        // there is no such file for English, the source language
        (void)m_any.load(u"slotscopeany_"_s + language, folder);
        return load(u"slotscope_"_s + language, folder);
    }

    [[nodiscard]] QString translate(const char *context, const char *source, const char *comment, int n) const override
    {
        const QString words = QTranslator::translate(context, source, comment, n);
        const bool isOurs = !m_any.isEmpty() && QByteArrayView(context).startsWith("slotscope");
        return words.isNull() && isOurs ? m_any.translate("slotscope", source, comment, n) : words;
    }

private:
    QTranslator m_any;
};

void install(std::unique_ptr<QTranslator> translator)
{
    translator->setObjectName(QLatin1String(ownWords));
    translator->setParent(QCoreApplication::instance());
    QCoreApplication::installTranslator(translator.release());
}

void installOurs(const QString &language)
{
    if (auto words = std::make_unique<Catalogue>(); words->loadOf(language))
        install(std::move(words));
}

/// Installs Qt's own translations, for its standard buttons and menus.
void installOfQt(const QString &language)
{
    if (auto words = std::make_unique<QTranslator>();
        words->load(u"qtbase_"_s + language, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        install(std::move(words));
}

} // namespace

QList<Language> languages()
{
    return {{u"en"_s, u"English"_s}, {u"ko"_s, u"한국어"_s}};
}

bool isLanguage(const QString &code)
{
    const QList<Language> all = languages();
    return code.isEmpty()
        || std::any_of(all.begin(), all.end(), [&code](const Language &each) { return each.code == code; });
}

QString chosenLanguage()
{
    return QCoreApplication::instance()->property(chosenKey).toString();
}

QString spokenLanguage()
{
    const QString chosen = chosenLanguage();
    return chosen.isEmpty() ? systemLanguage() : chosen;
}

void setLanguage(const QString &code)
{
    const QList<QTranslator *> before =
        QCoreApplication::instance()->findChildren<QTranslator *>(QLatin1String(ownWords), Qt::FindDirectChildrenOnly);
    QCoreApplication::instance()->setProperty(chosenKey, isLanguage(code) ? code : QString());
    const QString spoken = spokenLanguage();
    installOurs(u"en"_s); // as fallback below all others: supplies plural forms that another language lacks
    if (spoken != u"en") {
        installOfQt(spoken);
        installOurs(spoken);
    }
    for (QTranslator *translator : before) { // remove old translators last; until then, the new ones take precedence
        QCoreApplication::removeTranslator(translator);
        delete translator;
    }
}

} // namespace slotscope
