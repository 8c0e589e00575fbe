// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/editsender.h"

#include "core/base/whendone.h"
#include "ui/shared/pagecontext.h"

#include <QMessageBox>
#include <QPushButton>
#include <QWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

EditSender::EditSender(PageContext &context, QWidget *parent)
    : QObject(parent), m_context(context), m_parent(parent) { }

/// Calls without confirmation; if the command gate requires it, asks the user and calls again.
template <typename T>
void EditSender::run(std::function<QFuture<Result<T>>(UserConsent)> call, std::function<void(Result<T>)> then)
{
    if (!m_services) {
        then(failure(Error::Code::Cancelled, tr("there is no connection")));
        return;
    }
    whenDone(call(UserConsent::None), this, [this, call, then](const Result<T> &result) {
        if (result || result.error().code != Error::Code::NeedsConsent) {
            then(result);
            return;
        }
        auto *question =
            new QMessageBox(QMessageBox::Warning, tr("Change %1?").arg(m_context.title()),
                            tr("%1 is marked as production.").arg(m_context.title()), QMessageBox::NoButton, m_parent);
        question->setObjectName(u"consentQuestion"_s);
        question->setTextFormat(Qt::PlainText);
        question->setAttribute(Qt::WA_DeleteOnClose);
        question->setInformativeText(tr("%1 will be sent.").arg(result.error().command));
        QPushButton *cancel = question->addButton(tr("Cancel"), QMessageBox::RejectRole);
        const QPushButton *agree = question->addButton(tr("Change it"), QMessageBox::AcceptRole);
        question->setDefaultButton(cancel);
        connect(question, &QMessageBox::finished, this, [this, question, agree, call, then] {
            if (question->clickedButton() != agree)
                then(failure(Error::Code::Cancelled));
            else
                whenDone(call(UserConsent::Given), this, then);
        });
        question->open();
    });
}

void EditSender::send(const Edit &edit, Then then)
{
    run<EditOutcome>(
        [services = m_services, edit](UserConsent consent) {
            return services->editor.call<EditOutcome>(
                [edit, consent](ValueEditor &editor) { return editor.apply(edit, consent); });
        },
        std::move(then));
}

void EditSender::takeBack(const FormerValue &former, Then then)
{
    run<EditOutcome>(
        [services = m_services, former](UserConsent consent) {
            return services->editor.call<EditOutcome>(
                [former, consent](ValueEditor &editor) { return editor.takeBack(former, consent); });
        },
        std::move(then));
}

void EditSender::copy(const QByteArray &key, const QByteArray &name, bool removesOld,
                      std::function<void(Result<>)> then)
{
    run<void>(
        [services = m_services, key, name, removesOld](UserConsent consent) {
            return services->editor.call<void>([key, name, removesOld, consent](ValueEditor &editor) {
                return editor.copy(key, name, removesOld, consent);
            });
        },
        std::move(then));
}

} // namespace slotscope
