// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/comparedialog.h"

#include "ui/shared/codeedit.h"
#include "ui/shared/elidedlabel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

CompareDialog::CompareDialog(const Theme &theme, const QString &title, const QString &yours, const QString &theirs,
                             QWidget *parent)
    : QDialog(parent)
    , m_overwrite(new QPushButton(tr("Overwrite with yours"), this))
    , m_take(new QPushButton(tr("Use theirs"), this))
{
    setObjectName(u"compareDialog"_s);
    setWindowTitle(tr("Compare"));
    auto *words = plainLabel(title, nullptr, this);
    words->setWordWrap(true);
    resize(980, 560);
    auto *close = new QPushButton(tr("Close"), this);
    m_overwrite->hide();
    m_take->hide();
    m_overwrite->setAutoDefault(false);
    auto *grid = new QGridLayout(this);
    grid->addWidget(words, 0, 0, 1, 2);
    grid->addWidget(plainLabel(tr("Yours"), "muted", this), 1, 0);
    grid->addWidget(plainLabel(tr("On the server now"), "muted", this), 1, 1);
    const std::array<QString, 2> texts{yours, theirs};
    for (int column = 0; column < 2; ++column) {
        auto *code = new CodeEdit(theme, this);
        code->setCode(texts[size_t(column)], Syntax::Json);
        code->setReadOnly(true);
        code->setAccessibleName(column == 0 ? tr("Yours") : tr("On the server now"));
        grid->addWidget(code, 2, column);
    }
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    for (QPushButton *button : {m_overwrite, m_take, close})
        buttons->addWidget(button);
    grid->addLayout(buttons, 3, 0, 1, 2);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_overwrite, &QPushButton::clicked, this, [this] {
        Q_EMIT overwriteChosen();
        accept();
    });
    connect(m_take, &QPushButton::clicked, this, [this] {
        Q_EMIT takeChosen();
        accept();
    });
    close->setFocus();
}

void CompareDialog::offerChoice(bool mayOverwrite)
{
    m_overwrite->setVisible(mayOverwrite);
    m_take->show();
}

} // namespace slotscope
