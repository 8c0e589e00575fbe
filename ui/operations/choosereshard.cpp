// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/choosereshard.h"

#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/operations/migrationfields.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QLineEdit>
#include <QSpinBox>
#include <QStackedWidget>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

ChooseReshard::ChooseReshard(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_what(new SegmentedControl({tr("A number"), tr("Ranges"), tr("A hash tag"), tr("Everything")}, this))
    , m_fields(new QStackedWidget(this))
    , m_count(new QSpinBox(m_fields))
    , m_ranges(new QLineEdit(m_fields))
    , m_tag(new QLineEdit(m_fields))
    , m_sources(
          new NodeChecks([this](const ClusterView &view,
                                const NodeState &node) { return ownsSlots(view, node) && node.id != m_target->node(); },
                         this))
    , m_target(new NodeCombo(isPrimary, {}, this))
    , m_migration(new MigrationFields(this))
{
    makeFields();
    applyDraft(draft);
    connect(m_what, &SegmentedControl::currentChanged, this, [this](int what) {
        m_fields->setCurrentIndex(what);
        m_fields->setVisible(what != Everything);
        updateHints();
        Q_EMIT changed();
    });
    connect(m_count, &QSpinBox::valueChanged, this, &ChoosePage::changed);
    for (QLineEdit *field : {m_ranges, m_tag}) {
        connect(field, &QLineEdit::textChanged, this, [this] {
            updateHints();
            Q_EMIT changed();
        });
    }
    connect(m_sources, &NodeChecks::nodesChanged, this, [this] {
        updateHints();
        Q_EMIT changed();
    });
    connect(m_target, &NodeCombo::nodeChanged, this, [this] {
        m_sources->setView(view());
        Q_EMIT changed();
    });
    connect(m_migration, &MigrationFields::changed, this, &ChoosePage::changed);
}

void ChooseReshard::makeFields()
{
    m_what->setObjectName(u"what"_s);
    m_target->setObjectName(u"target"_s);
    m_sources->setObjectName(u"sources"_s);
    m_count->setObjectName(u"count"_s);
    m_count->setRange(1, slotCount);
    m_count->setValue(1000);
    m_count->setGroupSeparatorShown(true);
    m_count->setKeyboardTracking(false);
    m_count->setMaximumWidth(180);
    m_count->setAccessibleName(tr("How many slots"));
    m_ranges->setObjectName(u"ranges"_s);
    m_ranges->setFont(Theme::monoFont());
    m_ranges->setPlaceholderText(tr("0-1023 5000"));
    m_ranges->setAccessibleName(tr("Slot ranges"));
    m_tag->setFont(Theme::monoFont());
    m_tag->setPlaceholderText(tr("user:{4711}"));
    m_tag->setAccessibleName(tr("Hash tag or key"));
    m_fields->addWidget(m_count);
    m_fields->addWidget(m_ranges);
    m_fields->addWidget(m_tag);
    m_fields->addWidget(new QWidget(m_fields));
    m_fields->setMaximumHeight(32);
    addRow(tr("Slots"), m_what);
    m_whatHint = addRow({}, m_fields, u" "_s);
    m_target->setAccessibleName(tr("Target"));
    addRow(tr("To"), m_target);
    m_sources->setAccessibleName(tr("Sources"));
    m_sourcesHint = addRow(tr("From"), m_sources, u" "_s);
    addWide(m_migration);
    addSpring();
}

void ChooseReshard::applyDraft(const OperationDraft &draft)
{
    m_target->setNode(draft.targetId);
    What what = Number;
    if (!draft.slots.isEmpty()) {
        m_ranges->setText(draft.slots.toString());
        what = Ranges;
    } else if (!draft.nodeId.isEmpty()) {
        what = Everything;
    }
    if (!draft.nodeId.isEmpty())
        m_sources->setNodes({draft.nodeId});
    m_what->setCurrent(what);
    m_fields->setCurrentIndex(what);
    m_fields->setVisible(what != Everything);
    updateHints();
}

void ChooseReshard::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    m_target->setView(view);
    m_sources->setView(view);
    updateHints();
}

Result<SlotSet> ChooseReshard::ranges() const
{
    return SlotSet::parse(m_ranges->text().toLatin1());
}

void ChooseReshard::updateHints()
{
    const int what = m_what->current();
    const auto parsed = ranges();
    const bool wrong = what == Ranges && !parsed && !m_ranges->text().isEmpty();
    setStyleProperty(m_ranges, "wrong", wrong);
    QString hint;
    if (what == Number)
        hint = tr("Taken from the sources in proportion to the slots that they own; whole ranges if possible.");
    else if (what == Ranges)
        hint = wrong
            ? tr("Not valid slot ranges: write 0-1023 5000, numbers up to 16383.")
            : tr("%1 slots. Separate ranges by spaces or commas.").arg(groupedNumber(parsed ? parsed->count() : 0));
    else if (what == HashTag)
        hint = m_tag->text().isEmpty()
            ? tr("The slot of this key or tag; with {…}, only the part in the braces counts.")
            : tr("Slot %1.").arg(groupedNumber(slotOfKey(m_tag->text().toUtf8())));
    else
        hint = tr("All slots of the sources. Without a target they go to all other primaries in equal shares.");
    m_whatHint->setText(hint);
    setStyleProperty(m_whatHint, "tone", wrong ? u"error"_s : u"faint"_s);
    m_sourcesHint->setText(m_sources->nodes().isEmpty()
                               ? what == Everything ? tr("Choose the primaries whose slots are moved.")
                                                    : tr("If none is chosen: from every primary except the target.")
                               : counted(m_sources->nodes().size(), tr("1 source chosen."), tr("%1 sources chosen.")));
}

OperationRequest ChooseReshard::request() const
{
    ReshardRequest request;
    request.target = m_target->node();
    request.sources = m_sources->nodes();
    request.sources.removeAll(request.target);
    request.migration = m_migration->options();
    switch (m_what->current()) {
    case Number: request.count = m_count->value(); break;
    case Ranges: request.slots = ranges().value_or(SlotSet{}); break;
    case HashTag: request.hashTag = m_tag->text().toUtf8(); break;
    default: request.everything = true;
    }
    return request;
}

QString ChooseReshard::missing() const
{
    const int what = m_what->current();
    if (what == Ranges && (!ranges() || ranges()->isEmpty()))
        return tr("Enter which slots to move.");
    if (what == HashTag && m_tag->text().isEmpty())
        return tr("Enter a key or hash tag.");
    if (what == Everything && m_sources->nodes().isEmpty())
        return tr("Choose the primaries whose slots are moved away.");
    if (what != Everything && m_target->node().isEmpty())
        return tr("Choose the primary that takes the slots.");
    return {};
}

} // namespace slotscope
