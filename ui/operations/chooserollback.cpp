// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/chooserollback.h"

#include "core/base/text.h"
#include "core/operations/planners/plandraft.h"
#include "ui/operations/migrationfields.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostMoves = 8; ///< moves that are listed one by one

QString wayBack(const OperationRequest &request)
{
    if (std::holds_alternative<RollBackRequest>(request))
        return ChooseRollBack::tr(
            "Every slot that was moved goes back to its previous owner, with its keys. A slot in the middle of its "
            "migration finishes that first, so that no key is missing at any moment.");
    if (std::holds_alternative<RemoveNodeRequest>(request))
        return ChooseRollBack::tr("The node that was added is removed again: its slots are moved away, every node "
                                  "forgets it, and it is reset.");
    return ChooseRollBack::tr("The nodes that were primaries before become primaries again, one shard after another.");
}

} // namespace

ChooseRollBack::ChooseRollBack(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent), m_request(draft.ready.value_or(RollBackRequest{}))
{
    QLabel *title = plainLabel(draft.runTitle, nullptr, this);
    title->setWordWrap(true);
    QLabel *run = plainLabel(draft.run, "muted", this);
    run->setFont(Theme::monoFont());
    run->setTextInteractionFlags(Qt::TextSelectableByMouse);
    addRow(tr("Operation"), title);
    addRow(tr("Started"), run);
    if (const auto *back = std::get_if<RollBackRequest>(&m_request)) {
        QStringList lines;
        for (const SlotMove &move : back->moves.mid(0, mostMoves))
            lines.append(tr("%1 from %2 back to %3")
                             .arg(slotsText(move.slots.count()), move.target.address, move.source.address));
        if (back->moves.size() > mostMoves)
            lines.append(tr("… and %1 more").arg(back->moves.size() - mostMoves));
        addRow(tr("Largest number"), plainLabel(lines.join(u'\n'), nullptr, this),
               tr("As many slots as have moved: the plan shows them."));
    }
    addText(wayBack(m_request));
    if (auto *back = std::get_if<RollBackRequest>(&m_request)) {
        m_migration = new MigrationFields(this);
        m_migration->setOptions(back->migration); // the same options as in the operation
        addWide(m_migration);
        connect(m_migration, &MigrationFields::changed, this, [this, back] {
            back->migration = m_migration->options();
            Q_EMIT changed();
        });
    }
    addSpring();
}

} // namespace slotscope
