// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shared/passwordeye.h"

#include "ui/shared/icons.h"

#include <QAction>
#include <QCoreApplication>
#include <QLineEdit>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void hideText(QLineEdit *field, const Theme &theme)
{
    struct Words
    {
        Q_DECLARE_TR_FUNCTIONS(slotscope::PasswordEye)
    };
    field->setEchoMode(QLineEdit::Password);
    auto *eye = new QAction(themedIcon(u"eye"_s, theme), Words::tr("Show the password"), field);
    eye->setObjectName(u"eye"_s);
    eye->setCheckable(true);
    field->addAction(eye, QLineEdit::TrailingPosition);
    const QList<QToolButton *> buttons = field->findChildren<QToolButton *>();
    for (QToolButton *button : buttons) {
        button->setAccessibleName(Words::tr("Show the password"));
        button->setFocusPolicy(Qt::TabFocus);
    }
    QObject::connect(eye, &QAction::toggled, field, [field, eye, &theme](bool shown) {
        field->setEchoMode(shown ? QLineEdit::Normal : QLineEdit::Password);
        eye->setText(shown ? Words::tr("Hide the password") : Words::tr("Show the password"));
        eye->setIcon(themedIcon(shown ? u"eye-off"_s : u"eye"_s, theme));
    });
}

} // namespace slotscope
