// SPDX-License-Identifier: GPL-3.0-or-later
// The unsaved changes of StringEditor: in the text or in the bytes, and what saving them sends.
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "ui/browser/hexview.h"
#include "ui/browser/stringeditor.h"
#include "ui/shared/codeedit.h"

#include <QFrame>
#include <QStackedWidget>
#include <QtConcurrent/QtConcurrentRun>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

/// Called often, so the comparison is cached for each revision of the text.
bool StringEditor::isChanged() const
{
    if (m_hex->isEdited())
        return true;
    if (!m_code->document()->isModified())
        return false;
    const int revision = m_code->document()->revision();
    if (revision != m_comparedRevision) {
        m_comparedRevision = revision;
        m_differs = m_code->code() != m_decoded.text;
    }
    return m_differs;
}

void StringEditor::encodeSoon()
{
    m_encoded.reset();
    m_whyNot.clear();
    m_encodeTimer.start();
    updateReadOnly();
    Q_EMIT changed();
}

void StringEditor::encodeNow()
{
    m_encodeTimer.stop();
    if (!isChanged() || m_hex->isEdited())
        return;
    const quint64 round = ++m_round;
    m_isEncoding = true;
    whenDone(QtConcurrent::run([text = m_code->code(), chain = m_decoded.chain, original = m_base] {
                 return encode(text, chain, original);
             }),
             this, [this, round](const Result<QByteArray> &bytes) {
                 if (round != m_round)
                     return;
                 m_isEncoding = false;
                 if (bytes)
                     m_encoded = *bytes;
                 else
                     m_whyNot = bytes.error().detail;
                 Q_EMIT changed();
             });
}

void StringEditor::prepare(std::function<void(Result<Edit>)> then)
{
    if (!isChanged()) {
        then(failure(Error::Code::InvalidArgument, tr("nothing was changed")));
        return;
    }
    ++m_round;
    if (m_hex->isEdited()) {
        then(editOfBytes());
        return;
    }
    const QString text = m_code->code();
    whenDone(
        QtConcurrent::run([text, chain = m_decoded.chain, original = m_base] { return encode(text, chain, original); }),
        this, [this, then, text](const Result<QByteArray> &bytes) {
            if (!bytes) {
                then(failure(bytes.error()));
                return;
            }
            m_isHexSent = false;
            m_sentText = text;
            m_sentBytes = *bytes;
            Edit edit = m_head.type == ValueType::Json ? edits::setDocument(m_head.key, m_base, *bytes)
                                                       : edits::setString(m_head.key, m_base, *bytes);
            then(std::move(edit));
        });
}

/// What saving sends for bytes changed in Hex.
Edit StringEditor::editOfBytes()
{
    m_isHexSent = true;
    if (m_hex->hasAll()) {
        m_sentBytes = m_hex->bytes();
        return edits::setString(m_head.key, m_base, m_sentBytes);
    }
    QList<edits::Overwriting> parts;
    m_sentPatches = m_hex->patches();
    for (const HexView::Patch &patch : std::as_const(m_sentPatches))
        parts.append({patch.offset, patch.before, patch.after});
    return edits::overwrite(m_head.key, parts);
}

/// Text typed after sending stays, as a change relative to the value now on the server.
void StringEditor::takeSaved()
{
    m_theirs.reset();
    m_theirsBar->hide();
    if (m_isHexSent) {
        if (!m_hex->hasAll()) {
            m_hex->takeSaved(m_sentPatches);
        } else {
            m_hex->takeSaved(m_sentBytes);
            m_base = m_sentBytes;
            if (!m_hex->isEdited())
                show(m_sentBytes);
        }
        updateReadOnly();
        return;
    }
    if (m_code->code() == m_sentText) {
        m_code->document()->setModified(false);
        show(m_sentBytes);
        return;
    }
    m_base = m_sentBytes;
    m_decoded.text = m_sentText;
    m_comparedRevision = -1;
    encodeSoon();
}

void StringEditor::revert()
{
    m_code->document()->setModified(false);
    m_hex->dropEdits();
    const QByteArray now = m_theirs.value_or(m_base);
    m_theirs.reset();
    show(now);
}

QString StringEditor::footText() const
{
    const bool isHex = m_stack->currentWidget() == m_hex;
    QStringList parts;
    QStringList sizes;
    for (const qsizetype size : m_decoded.sizes)
        sizes.append(tr("%1 B").arg(groupedNumber(size)));
    if (m_isLong)
        parts.append(byteSize(m_head.length));
    else
        parts.append(sizes.isEmpty() ? tr("%1 B").arg(groupedNumber(m_base.size())) : sizes.join(u" → "_s));
    if (m_hex->isEdited())
        parts.append(m_hex->hasAll()
                         ? tr("saves as %1 B").arg(groupedNumber(m_hex->bytes().size()))
                         : tr("%n part(s) overwritten with SETRANGE", nullptr, int(m_hex->patches().size())));
    else if (m_encoded && isChanged())
        parts.append(tr("saves as %1 B ✓ reads back as written").arg(groupedNumber(m_encoded->size())));
    else if (isChanged() && m_whyNot.isEmpty())
        parts.append(tr("…"));
    if (isHex)
        parts.append(tr("byte %1 (0x%2)").arg(groupedNumber(m_hex->cursor()), QString::number(m_hex->cursor(), 16)));
    else if (!m_isLong)
        parts.append(m_code->place());
    return parts.join(u"  ·  "_s);
}

QString StringEditor::changeText() const
{
    return isChanged() ? tr("changed") : QString();
}

QString StringEditor::whyNotSaved() const
{
    return m_hex->isEdited() ? QString() : m_whyNot;
}

} // namespace slotscope
