// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/translations.h"

#include <QCoreApplication>
#include <QLocale>
#include <QTranslator>

namespace slotscope {

void installTranslations()
{
    const QString folder = QStringLiteral(":/slotscope/translations");
    auto *translator = new QTranslator(QCoreApplication::instance());
    if (!translator->load(QLocale(), QStringLiteral("slotscope"), QStringLiteral("_"), folder)
        && !translator->load(QStringLiteral("slotscope_en"), folder))
        return;
    QCoreApplication::installTranslator(translator);
}

} // namespace slotscope
