// SPDX-License-Identifier: GPL-3.0-or-later
// The helping half of ConsoleTabView: completion, the hint, what the line below the cursor would do.
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/cluster/slot.h"
#include "core/models/nodewords.h"
#include "ui/console/commandeditor.h"
#include "ui/console/completionpopup.h"
#include "ui/console/consoletabview.h"
#include "ui/console/hintstrip.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecontext.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostProposals = 100;

QString lengthText(const KeyProposal &key)
{
    if (key.length < 0)
        return {};
    if (key.type == "string")
        return byteSize(key.length);
    return ConsoleTabView::tr("%1 elements").arg(groupedNumber(key.length));
}

} // namespace

void ConsoleTabView::takeDocs()
{
    updateHint();
}

void ConsoleTabView::updateHint()
{
    const CommandDocs &docs = m_shared.docs ? *m_shared.docs : CommandDocs::builtIn();
    m_point = completionAt(docs, m_editor->lineText(), m_editor->cursorInLine());
    const ArgumentPlace &place = m_point.place;
    const Command words = readCommandLine(m_editor->lineText()).command();
    Q_EMIT commandChanged(words, place);
    if (!place.doc) {
        m_hint->setHint({}, {}, -1, {});
        return;
    }
    QString note;
    if (place.argument >= 0 && place.expected > 0)
        note = tr("%1 %2 of %3").arg(QString::fromUtf8(place.name)).arg(place.repetition + 1).arg(place.expected);
    else if (place.argument >= 0 && !place.type.isEmpty() && place.type != place.name)
        note = QString::fromUtf8(place.type);
    m_hint->setHint(QString::fromUtf8(place.doc->name.toUpper()).replace(u'|', u' '), syntaxParts(*place.doc),
                    place.argument, note);
}

void ConsoleTabView::complete(bool byUser)
{
    updateHint();
    ++m_asked;
    const bool hasBegun = !m_point.typed.isEmpty();
    if (!byUser && (!hasBegun || !m_editor->hasFocus())) {
        m_popup->hide();
        return;
    }
    QList<Proposal> proposals;
    const CommandDocs &docs = m_shared.docs ? *m_shared.docs : CommandDocs::builtIn();
    for (const QByteArray &word : std::as_const(m_point.words)) {
        const CommandDoc *doc = docs.named(word);
        const QString detail = doc && m_point.place.argument < 0 ? doc->summary.section(u'.', 0, 0) : QString();
        // a word that is already complete needs no proposal
        if (word.compare(m_point.typed, Qt::CaseInsensitive) != 0 && proposals.size() < mostProposals)
            proposals.append({word, QString::fromUtf8(word), detail, {}, true, {}});
    }
    const ClusterViewPtr &view = m_context.view();
    for (size_t i = 0; m_point.wantsNodes && view && i < view->nodes.size(); ++i)
        if (view->nodes[i].id.startsWith(m_point.typed)
            || view->nodes[i].name.contains(QString::fromUtf8(m_point.typed)))
            proposals.append({view->nodes[i].id,
                              QString::fromLatin1(view->nodes[i].id.left(12)) + u"…"_s,
                              view->nodes[i].name,
                              {},
                              true,
                              {}});
    if (m_point.wantsKeys && proposals.isEmpty() && (hasBegun || byUser)) {
        proposeKeys(m_point);
        return;
    }
    show(proposals, {});
}

void ConsoleTabView::proposeKeys(const CompletionPoint &point)
{
    if (!m_shared.help)
        return;
    const int slot = point.keysBefore.isEmpty() ? -1 : int(slotOfKey(point.keysBefore.front()));
    whenDone(
        m_shared.help->call<KeyProposals>(
            [beginning = point.typed](ConsoleHelp &help) { return help.keysLike(beginning); }),
        this, [this, slot, asked = m_asked, typed = point.typed](const Result<KeyProposals> &found) {
            if (asked != m_asked || !found)
                return;
            QList<Proposal> proposals;
            const bool isCluster = m_context.view() && m_context.view()->cluster;
            for (const KeyProposal &key : found->keys) {
                const bool isSame = slot < 0 || slotOfKey(key.key) == slot;
                QString mark;
                if (slot >= 0 && isCluster)
                    mark = isSame ? tr("same slot") : tr("other slot");
                if (key.key != typed)
                    proposals.append({quoted(key.key), toDisplay(key.key), lengthText(key), mark, isSame, key.type});
            }
            std::stable_partition(proposals.begin(), proposals.end(),
                                  [](const Proposal &each) { return each.isMarkGood; });
            show(proposals,
                 found->isWhole ? tr("%n key(s)", nullptr, int(found->keys.size()))
                                : tr("%1 of ≥ %2 keys, %3 ms scan")
                                      .arg(proposals.size())
                                      .arg(found->keys.size())
                                      .arg(found->milliseconds));
        });
}

void ConsoleTabView::show(const QList<Proposal> &proposals, const QString &foot)
{
    QRect anchor = m_editor->wordRect(m_point.begin);
    anchor.moveTopLeft(m_editor->mapTo(this, anchor.topLeft()));
    m_popup->propose(proposals, foot, anchor);
}

void ConsoleTabView::take(const QByteArray &text)
{
    m_editor->replaceInLine(m_point.begin, m_point.end, text + ' ');
    m_editor->setFocus();
}

/// Shows what the current line would do: the number of keys and where they are.
void ConsoleTabView::updateStatus()
{
    const LineReading reading = readCommandLine(m_editor->lineText());
    if (reading.faultAt >= 0) {
        m_status->setText(tr("Column %1: %2").arg(reading.faultAt + 1).arg(reading.fault));
        return;
    }
    const Command command = reading.command();
    const ClusterViewPtr view = m_context.view();
    if (command.isEmpty() || !m_shared.help || !view) {
        m_status->setText({});
        return;
    }
    whenDone(
        m_shared.help->call<QByteArrayList>([command](ConsoleHelp &help) { return help.keysOf(command); }), this,
        [this, command, view](const Result<QByteArrayList> &keys) {
            if (readCommandLine(m_editor->lineText()).command() != command)
                return; // the user has typed more in the meantime
            if (!keys || keys->isEmpty() || !view->cluster) {
                m_status->setText({});
                return;
            }
            QSet<int> slots;
            for (const QByteArray &key : *keys)
                slots.insert(slotOfKey(key));
            if (slots.size() > 1) {
                m_status->setText(
                    tr("≠ %1 keys in %2 slots: most commands are refused then").arg(keys->size()).arg(slots.size()));
                return;
            }
            const int owner = view->owner[size_t(*slots.begin())];
            const QString shard = owner >= 0 && view->nodes[size_t(owner)].shard >= 0
                ? shardTitle(view->shards[size_t(view->nodes[size_t(owner)].shard)])
                : tr("no node serves it");
            m_status->setText(
                keys->size() == 1
                    ? tr("✓ 1 key in slot %1 · %2").arg(groupedNumber(*slots.begin()), shard)
                    : tr("✓ %1 keys, all in slot %2 · %3").arg(keys->size()).arg(groupedNumber(*slots.begin()), shard));
        });
}

} // namespace slotscope
