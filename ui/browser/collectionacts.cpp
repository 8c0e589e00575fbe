// SPDX-License-Identifier: GPL-3.0-or-later
// What can be done with the elements of a collection, beside changing them in place.
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/protocol/command.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/collectioneditor.h"
#include "ui/browser/editsender.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/expirydialog.h"
#include "ui/shared/rowsview.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QUuid>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

/// Returns a value that is not in the list; it replaces one of several equal items before LREM removes it.
QByteArray CollectionEditor::marker() const
{
    return "slotscope:"_ba + QUuid::createUuid().toRfc4122().toHex();
}

QByteArrayList CollectionEditor::selectedNames() const
{
    QByteArrayList names;
    const auto ranges = m_table->selectedRanges();
    for (const auto &[first, last] : ranges)
        for (int row = first; row <= last; ++row)
            if (const ValueRow *found = m_model.row(row))
                names.append(found->name);
    return names;
}

void CollectionEditor::refuse(const QString &words)
{
    Q_EMIT problemFound(
        {.code = Error::Code::InvalidArgument, .detail = words, .serverPrefix = {}, .node = {}, .command = {}});
}

/// An unsaved change is stored by name, in a list by position: after another action it would belong to an element that
/// is gone, or to another one. Returns true, with a message, if one of these elements has an unsaved change.
bool CollectionEditor::refusesUnsaved(const QByteArrayList &names)
{
    const bool isList = m_head.type == ValueType::List;
    const QByteArrayList changed = m_model.changedNames();
    if (!std::any_of(changed.begin(), changed.end(),
                     [&](const QByteArray &name) { return isList || names.contains(name); }))
        return false;
    refuse(isList                               ? tr("Save or revert the changes of this list first.")
               : m_head.type == ValueType::Hash ? tr("Save or revert the change of this field first.")
                                                : tr("Save or revert the change of this member first."));
    return true;
}

void CollectionEditor::fillMenu(QMenu *menu)
{
    const int at = currentRow();
    const ValueRow *row = m_model.row(at);
    if (!row)
        return;
    const bool isHash = m_head.type == ValueType::Hash, isList = m_head.type == ValueType::List;
    const auto copy = [](const QByteArray &bytes) { QGuiApplication::clipboard()->setText(QString::fromUtf8(bytes)); };
    if (!isList)
        menu->addAction(isHash ? tr("Copy the field's name") : tr("Copy"), this,
                        [copy, row = *row] { copy(row.name); });
    if (isHash || isList)
        menu->addAction(tr("Copy the value"), this, [copy, row = *row] { copy(row.value); });
    if (m_head.type == ValueType::SortedSet)
        menu->addAction(tr("Copy the score"), this, [copy, row = *row] { copy(row.score); });
    if (m_readOnly)
        return;
    menu->addSeparator();
    if (isHash || isList)
        menu->addAction(tr("Edit the value…"), this, &CollectionEditor::editValue)->setObjectName(u"editValue"_s);
    if (isList) {
        menu->addAction(tr("Insert before…"), this, [this] { insertItem(false); });
        menu->addAction(tr("Insert after…"), this, [this] { insertItem(true); });
    } else if (m_head.type != ValueType::Stream) {
        menu->addAction(isHash ? tr("Rename the field…") : tr("Change the member…"), this,
                        &CollectionEditor::renameCurrent)
            ->setObjectName(u"renameElement"_s);
    }
    if (isHash && m_head.hasFieldTtls)
        menu->addAction(tr("Time to live of the field…"), this, &CollectionEditor::expireCurrent);
    menu->addSeparator();
    menu->addAction(tr("Delete…"), this, &CollectionEditor::removeSelected)->setObjectName(u"removeElement"_s);
}

void CollectionEditor::addElement()
{
    const QByteArray key = m_head.key;
    switch (m_head.type) {
    case ValueType::Hash: {
        auto *dialog = new ElementDialog(tr("Add a field"), tr("Add"), this);
        dialog->setWaits();
        dialog->addField(tr("Field"));
        dialog->addField(tr("Value"), {}, true);
        dialog->addWords(tr("If the field already exists, nothing is changed."));
        connect(dialog, &ElementDialog::agreed, this, [this, key](const QByteArrayList &values) {
            Q_EMIT editRequested(edits::setField(key, values[0], std::nullopt, values[1]));
        });
        dialog->open();
        return;
    }
    case ValueType::SortedSet: {
        auto *dialog = new ElementDialog(tr("Add a member"), tr("Add"), this);
        dialog->setWaits();
        dialog->addField(tr("Member"));
        dialog->addField(tr("Score"), "0"_ba);
        dialog->setCheck([](const QByteArrayList &values) {
            return storedScore(values[1].trimmed()) ? QString() : tr("The score is not a number.");
        });
        connect(dialog, &ElementDialog::agreed, this, [this, key](const QByteArrayList &values) {
            Q_EMIT editRequested(edits::setScore(key, values[0], std::nullopt, values[1].trimmed()));
        });
        dialog->open();
        return;
    }
    case ValueType::List: {
        auto *dialog = new ElementDialog(tr("Add an item"), tr("Add at the end"), this);
        dialog->setWaits();
        dialog->addField(tr("Item"), {}, true);
        auto *head = new QPushButton(tr("Add at the beginning"), dialog);
        head->setEnabled(!isChanged()); // it would move the items that have unsaved changes
        head->setToolTip(isChanged() ? tr("Save or revert the changes of this list first.") : QString());
        dialog->layout()->addWidget(head);
        connect(head, &QPushButton::clicked, dialog, [this, dialog, key] {
            const QByteArrayList values = dialog->values();
            dialog->close();
            Q_EMIT editRequested(edits::pushItems(key, true, values));
        });
        connect(dialog, &ElementDialog::agreed, this, [this, key](const QByteArrayList &values) {
            Q_EMIT editRequested(edits::pushItems(key, false, values));
        });
        dialog->open();
        return;
    }
    case ValueType::Stream: {
        auto *dialog = new ElementDialog(tr("Add an entry"), tr("Add"), this);
        dialog->setWaits();
        dialog->addField(tr("Id (* lets the server choose)"), "*"_ba);
        dialog->addField(tr("Fields: one per line, field=value"), {}, true);
        const auto pairsOf = [](const QByteArray &text) {
            edits::Pairs pairs;
            for (const QByteArray &line : text.split('\n'))
                if (const qsizetype at = line.indexOf('='); at > 0)
                    pairs.append({line.left(at), line.mid(at + 1)});
            return pairs;
        };
        dialog->setCheck([pairsOf](const QByteArrayList &values) {
            return pairsOf(values[1]).isEmpty() ? tr("An entry needs at least one field.") : QString();
        });
        connect(dialog, &ElementDialog::agreed, this, [this, key, pairsOf](const QByteArrayList &values) {
            Q_EMIT editRequested(edits::addEntry(key, values[0].trimmed(), pairsOf(values[1])));
        });
        dialog->open();
        return;
    }
    default: {
        auto *dialog = new ElementDialog(tr("Add a member"), tr("Add"), this);
        dialog->setWaits();
        dialog->addField(tr("Member"), {}, true);
        connect(dialog, &ElementDialog::agreed, this,
                [this, key](const QByteArrayList &values) { Q_EMIT editRequested(edits::addMembers(key, values)); });
        dialog->open();
    }
    }
}

void CollectionEditor::renameCurrent()
{
    const ValueRow *row = m_model.row(currentRow());
    if (!row || refusesUnsaved({row->name}))
        return;
    const bool isHash = m_head.type == ValueType::Hash;
    auto *dialog = new ElementDialog(isHash ? tr("Rename the field") : tr("Change the member"), tr("Rename"), this);
    dialog->addField(tr("New name"), row->name);
    dialog->addWords(
        isHash
            ? tr("Done in one step; value and time to live stay. If the new name already exists, nothing is changed.")
            : tr("Done in one step. If the new member already exists, nothing is changed."));
    // uses the element's bytes, not its row, because rows may move in the meantime
    connect(dialog, &ElementDialog::agreed, this,
            [this, row = *row, key = m_head.key, type = m_head.type](const QByteArrayList &values) {
                const QByteArray &name = values.front();
                if (name == row.name)
                    return;
                if (type == ValueType::Set) {
                    Q_EMIT editRequested(edits::renameMember(key, row.name, name));
                } else if (type == ValueType::SortedSet) {
                    Q_EMIT editRequested(edits::renameScored(key, row.name, name, row.score));
                } else if (row.isWhole()) {
                    renameField(row, name);
                } else {
                    Q_EMIT problemFound({.code = Error::Code::InvalidArgument,
                                         .detail = tr("the value is too long to be moved to another field here"),
                                         .serverPrefix = {},
                                         .node = {},
                                         .command = u"HSET"_s});
                }
            });
    dialog->open();
}

/// Reads the field's time to live again before renaming the field, because the row may be out of date.
void CollectionEditor::renameField(const ValueRow &row, const QByteArray &name)
{
    const QByteArray key = m_head.key;
    if (!m_head.hasFieldTtls) {
        Q_EMIT editRequested(edits::renameField(key, row.name, name, row.value));
        return;
    }
    const QByteArrayList fields(1, row.name);
    whenDone(m_services->reader.call<QList<qint64>>(
                 [key, fields](ValueReader &reader) { return reader.fieldTtls(key, fields); }),
             this, [this, key, row, name](const Result<QList<qint64>> &ttls) {
                 if (ttls)
                     Q_EMIT editRequested(edits::renameField(key, row.name, name, row.value, ttls->front()));
                 else
                     Q_EMIT problemFound(ttls.error());
             });
}

void CollectionEditor::editValue()
{
    const int at = currentRow();
    const ValueRow *row = m_model.row(at);
    if (!row)
        return;
    if (!row->isWhole()) {
        refuse(tr("the value has %1: only values up to %2 can be edited here")
                   .arg(byteSize(row->valueSize), byteSize(ValueRow::keptBytes)));
        return;
    }
    auto *dialog = new ElementDialog(tr("Edit the value"), tr("Apply"), this);
    dialog->addField(tr("Value"), row->value, true);
    dialog->addWords(tr("The change is saved together with your other changes."));
    const bool isList = m_head.type == ValueType::List;
    const QByteArray name = isList ? QByteArray::number(at) : row->name;
    connect(dialog, &ElementDialog::agreed, this, [this, name, was = *row](const QByteArrayList &values) {
        m_model.stage(name, was, CollectionModel::Column::Value, values.front());
    });
    dialog->open();
}

void CollectionEditor::expireCurrent()
{
    const ValueRow *row = m_model.row(currentRow());
    if (!row)
        return;
    auto *dialog = new ExpiryDialog(toDisplay(row->name), row->ttlAt(steadyMs()), false, this);
    connect(dialog, &ExpiryDialog::forChosen, this, [this, was = *row](qint64 ttlMs) {
        m_model.stage(was.name, was, CollectionModel::Column::Ttl, QByteArray::number(ttlMs));
    });
    connect(dialog, &ExpiryDialog::untilChosen, this, [this, was = *row](qint64 at) {
        const qint64 left = at - QDateTime::currentMSecsSinceEpoch();
        if (left > 0) // otherwise the time passed while the dialog was open
            m_model.stage(was.name, was, CollectionModel::Column::Ttl, QByteArray::number(left));
    });
    dialog->open();
}

void CollectionEditor::insertItem(bool after)
{
    if (refusesUnsaved({}))
        return;
    const int at = currentRow() + (after ? 1 : 0);
    auto *dialog = new ElementDialog(tr("Insert an item"), tr("Insert"), this);
    dialog->addField(tr("Item"), {}, true);
    const ValueRow *row = m_model.row(at);
    const bool atEnd = at >= m_model.rowCount();
    if (!atEnd && (!row || !row->isWhole())) {
        dialog->deleteLater();
        return;
    }
    const QByteArray there = row ? row->value : QByteArray();
    connect(dialog, &ElementDialog::agreed, this,
            [this, key = m_head.key, at, atEnd, there](const QByteArrayList &values) {
                Q_EMIT editRequested(atEnd ? edits::pushItems(key, false, values)
                                           : edits::insertItem(key, at, there, values.front(), marker()));
            });
    dialog->open();
}

void CollectionEditor::removeSelected()
{
    const int at = currentRow();
    const ValueRow *row = m_model.row(at);
    if (!row || m_readOnly)
        return;
    const bool isList = m_head.type == ValueType::List;
    const QByteArrayList names = isList ? QByteArrayList() : selectedNames();
    if (refusesUnsaved(names))
        return;
    auto *question =
        new QMessageBox(QMessageBox::Warning, tr("Delete"),
                        isList                  ? tr("Delete item %1?").arg(groupedNumber(at))
                            : names.size() == 1 ? tr("Delete “%1”?").arg(toDisplay(names.front()).left(200))
                                                : tr("Delete %n element(s)?", nullptr, int(names.size())),
                        QMessageBox::NoButton, this);
    question->setObjectName(u"removeQuestion"_s);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setDefaultButton(question->addButton(tr("Cancel"), QMessageBox::RejectRole));
    const QAbstractButton *remove = question->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    connect(remove, &QAbstractButton::clicked, this,
            [this, names, at, isList, there = row->value, key = m_head.key, type = m_head.type] {
                if (isList)
                    Q_EMIT editRequested(edits::removeItem(key, at, there, marker()));
                else if (type == ValueType::Hash)
                    Q_EMIT editRequested(edits::removeFields(key, names));
                else if (type == ValueType::Stream)
                    Q_EMIT editRequested(edits::removeEntries(key, names));
                else
                    Q_EMIT editRequested(edits::removeMembers(key, type, names));
            });
    question->open();
}

void CollectionEditor::trim()
{
    if (refusesUnsaved({}))
        return;
    const bool isList = m_head.type == ValueType::List;
    auto *dialog = new ElementDialog(isList ? tr("Trim the list") : tr("Trim the stream"), tr("Trim"), this);
    dialog->addField(isList ? tr("Number of items to keep, from the beginning")
                            : tr("Number of newest entries to keep"),
                     QByteArray::number(std::max<qint64>(0, m_model.total())));
    dialog->setCheck([](const QByteArrayList &values) {
        const auto keep = toInteger(values.front().trimmed());
        return keep && *keep >= 0 ? QString() : tr("This is not an integer.");
    });
    connect(dialog, &ElementDialog::agreed, this, [this, isList, key = m_head.key](const QByteArrayList &values) {
        const qint64 keep = values.front().trimmed().toLongLong();
        if (isList)
            Q_EMIT editRequested(keep == 0 ? edits::remove(key) : edits::trimList(key, 0, keep - 1));
        else
            Q_EMIT editRequested(edits::trimStream(key, keep));
    });
    dialog->open();
}

} // namespace slotscope
