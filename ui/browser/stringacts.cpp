// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/stringacts.h"

#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/editsender.h"
#include "ui/browser/elementdialog.h"

#include <QAction>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QtConcurrent/QtConcurrentRun>

#include <cmath>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype mostKept = 256 * 1024; // in bytes: no DUMP of larger values for Undo
constexpr qsizetype longestNumber = 64; // in characters

/// Whether INCRBY or INCRBYFLOAT accepts the text.
bool isNumber(const QByteArray &text)
{
    bool isDouble = false;
    const double number = text.toDouble(&isDouble);
    return !text.isEmpty() && text.size() <= longestNumber && text == text.trimmed() && isDouble
        && std::isfinite(number);
}

Result<QByteArray> readFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file.errorString()));
    if (file.size() > StringActs::largestFile)
        return failure(Error::Code::LimitExceeded,
                       StringActs::tr("%1 has %2; a string may have at most %3")
                           .arg(path, byteSize(file.size()), byteSize(StringActs::largestFile)));
    QByteArray bytes = file.read(StringActs::largestFile);
    if (file.error() != QFileDevice::NoError)
        return failure(Error::Code::Io, u"%1: %2"_s.arg(path, file.errorString()));
    return bytes;
}

} // namespace

StringActs::StringActs(std::shared_ptr<ValueServices> services, QWidget *dialogs)
    : QObject(dialogs), m_services(std::move(services)), m_dialogs(dialogs), m_menu(new QMenu(dialogs))
{
    m_append = m_menu->addAction(tr("Append…"), this, &StringActs::append);
    m_increment = m_menu->addAction(tr("Increment…"), this, &StringActs::increment);
    m_replace = m_menu->addAction(tr("Replace with a file…"), this, [this] { chooseFile(true); });
    m_menu->addSeparator();
    m_save = m_menu->addAction(tr("Save to a file…"), this, [this] { chooseFile(false); });
    m_append->setObjectName(u"append"_s);
    m_increment->setObjectName(u"increment"_s);
    m_replace->setObjectName(u"replaceWithFile"_s);
    m_save->setObjectName(u"saveToFile"_s);
    updateActions();
}

void StringActs::setValue(const ValueHead &head, const std::optional<QByteArray> &bytes)
{
    m_head = head;
    m_bytes = bytes;
    updateActions();
}

void StringActs::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    updateActions();
}

void StringActs::updateActions()
{
    const bool isString = m_head.type == ValueType::String;
    m_append->setEnabled(isString && !m_readOnly);
    m_increment->setEnabled(isString && !m_readOnly && m_bytes && isNumber(*m_bytes));
    m_replace->setEnabled(isString && !m_readOnly);
    m_save->setEnabled(isString);
}

void StringActs::append()
{
    auto *dialog = new ElementDialog(tr("Append to the value"), tr("Append"), m_dialogs);
    dialog->setWaits();
    dialog->addField(tr("Text"), {}, true);
    dialog->addWords(tr("The server adds it at the end of what the value is by then (APPEND)."));
    dialog->setCheck([](const QByteArrayList &values) {
        return values[0].isEmpty() ? tr("There is nothing to append.") : QString();
    });
    connect(dialog, &ElementDialog::agreed, this, [this, key = m_head.key](const QByteArrayList &values) {
        Q_EMIT editRequested(edits::append(key, values[0]));
    });
    dialog->open();
}

void StringActs::increment()
{
    auto *dialog = new ElementDialog(tr("Increment"), tr("Add to the value"), m_dialogs);
    dialog->setWaits();
    dialog->addField(tr("By (negative: decrement)"), "1"_ba);
    dialog->addWords(tr("The server adds it to what the value is by then (INCRBY, or INCRBYFLOAT for a fraction)."));
    dialog->setCheck([](const QByteArrayList &values) {
        return isNumber(values[0].trimmed()) ? QString() : tr("This is not a number.");
    });
    connect(dialog, &ElementDialog::agreed, this,
            [this, key = m_head.key, whole = toInteger(*m_bytes).has_value()](const QByteArrayList &values) {
                QByteArray by = values[0].trimmed();
                if (!whole && toInteger(by))
                    by += ".0"; // INCRBY refuses a value with a fraction
                Q_EMIT editRequested(edits::increment(key, by));
            });
    dialog->open();
}

void StringActs::chooseFile(bool isToRead)
{
    auto *dialog = new QFileDialog(m_dialogs, isToRead ? tr("Replace with a file") : tr("Save to a file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(isToRead ? QFileDialog::AcceptOpen : QFileDialog::AcceptSave);
    dialog->setFileMode(isToRead ? QFileDialog::ExistingFile : QFileDialog::AnyFile);
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, isToRead](const QString &path) { isToRead ? replaceWith(path) : saveTo(path); });
    dialog->open();
}

void StringActs::saveTo(const QString &path)
{
    whenDone(m_services->reader.call<qint64>(
                 [key = m_head.key, path](ValueReader &reader) { return reader.toFile(key, path); }),
             this, [this, path](const Result<qint64> &bytes) {
                 if (bytes)
                     Q_EMIT said(tr("%1 bytes were written to %2.").arg(groupedNumber(*bytes), path));
                 else
                     Q_EMIT problemFound(bytes.error());
             });
}

void StringActs::replaceWith(const QString &path)
{
    whenDone(QtConcurrent::run(readFile, path), this, [this, path](const Result<QByteArray> &bytes) {
        if (bytes)
            askToReplace(path, *bytes);
        else
            Q_EMIT problemFound(bytes.error());
    });
}

void StringActs::askToReplace(const QString &path, const QByteArray &bytes)
{
    auto *question =
        new QMessageBox(QMessageBox::Question, tr("Replace with a file"),
                        tr("Replace the value (%1) with %2 (%3)? Its time to live stays.")
                            .arg(byteSize(std::max<qint64>(0, m_head.length)), path, byteSize(bytes.size())),
                        QMessageBox::NoButton, m_dialogs);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setDefaultButton(question->addButton(tr("Keep the value"), QMessageBox::RejectRole));
    const QPushButton *yes = question->addButton(tr("Replace"), QMessageBox::DestructiveRole);
    Edit edit = m_bytes ? edits::setString(m_head.key, *m_bytes, bytes)
                        : edits::replaceString(m_head.key, m_head.length, bytes);
    edit.keepsFormer = bytes.size() <= mostKept;
    connect(yes, &QPushButton::clicked, this, [this, edit] { Q_EMIT editRequested(edit); });
    question->open();
}

} // namespace slotscope
