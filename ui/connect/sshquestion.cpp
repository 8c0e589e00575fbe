// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/sshquestion.h"

#include "core/base/border.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/passwordeye.h"
#include "ui/shared/theme.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int narrowest = 520;

} // namespace

SshQuestionDialog::SshQuestionDialog(const Theme &theme, const SshQuestion &question, SshAnswer answer, QWidget *parent)
    : QDialog(parent), m_answer(std::move(answer)), m_isHostKey(question.kind == SshQuestion::Kind::HostKey)
{
    setObjectName(u"sshQuestion"_s);
    setWindowTitle(m_isHostKey ? tr("Unknown SSH server") : tr("SSH asks"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(narrowest);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(8);
    auto *through = plainLabel(tr("SSH through %1").arg(question.through), "muted", this);
    layout->addWidget(through);
    QString text = question.text.trimmed();
    text.remove(u"Are you sure you want to continue connecting (yes/no/[fingerprint])?"_s);
    auto *words = plainLabel(text.trimmed(), {}, this);
    words->setObjectName(u"sshQuestionText"_s);
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(words);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    if (m_isHostKey) {
        auto *advice = plainLabel(tr("Compare the fingerprint with the one from the server's owner. If it differs, "
                                     "this may be an attack. If you accept it, it is stored in known_hosts."),
                                  "muted", this);
        advice->setWordWrap(true);
        layout->addWidget(advice);
        buttons->addButton(tr("&Accept this key"), QDialogButtonBox::AcceptRole)->setAutoDefault(false);
        buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
        // so that pressing Return without reading does not accept the host key
        buttons->button(QDialogButtonBox::Cancel)->setFocus();
    } else {
        m_field = new QLineEdit(this);
        m_field->setObjectName(u"sshAnswer"_s);
        m_field->setAccessibleName(text);
        hideText(m_field, theme);
        layout->addWidget(m_field);
        buttons->addButton(QDialogButtonBox::Ok);
    }
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void SshQuestionDialog::done(int result)
{
    if (const SshAnswer answer = std::exchange(m_answer, {})) {
        const QString given = m_field ? m_field->text() : u"yes"_s;
        answer(result == Accepted ? std::optional(given) : std::nullopt);
    }
    QDialog::done(result);
}

void askForSshOver(QWidget *window, const Theme &theme)
{
    const QPointer<QWidget> over(window);
    setSshAsker([over, &theme](const SshQuestion &question, const SshAnswer &answer) {
        crossBorder();
        QMetaObject::invokeMethod(QCoreApplication::instance(), [over, &theme, question, answer] {
            crossBorder();
            if (!over)
                return answer({});
            auto *dialog = new SshQuestionDialog(theme, question, answer, over);
            dialog->open();
        });
    });
}

} // namespace slotscope
