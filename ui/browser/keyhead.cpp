// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/keyhead.h"

#include "core/base/clock.h"
#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/models/nodewords.h"
#include "ui/shared/typebadge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

QToolButton *iconButton(const QString &icon, const QString &toolTip, const Theme &theme, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(icon, theme));
    button->setIconSize({16, 16});
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    return button;
}

QString lengthName(ValueType type)
{
    switch (type) {
    case ValueType::String: return KeyHead::tr("Length");
    case ValueType::Hash: return KeyHead::tr("Fields");
    case ValueType::List: return KeyHead::tr("Items");
    case ValueType::Stream: return KeyHead::tr("Entries");
    default: return KeyHead::tr("Members");
    }
}

} // namespace

KeyHead::KeyHead(PageContext &context, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_badge(new TypeBadge(context.theme(), this))
    , m_name(new ElidedLabel({}, Qt::ElideMiddle, this))
    , m_refresh(new QComboBox(this))
    , m_factsRow(new QWidget(this))
{
    const Theme &theme = context.theme();
    QFont font = Theme::monoFont();
    font.setPixelSize(15);
    m_name->setFont(font);
    m_copy = iconButton(u"copy"_s, tr("Copy the name"), theme, this);
    makeButtons();
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_badge);
    top->addWidget(m_name);
    top->addWidget(m_copy);
    top->addStretch(1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_refresh, m_again, m_delete, m_more})
        top->addWidget(widget);
    m_name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    auto *facts = new QHBoxLayout(m_factsRow);
    facts->setContentsMargins(0, 0, 0, 0);
    facts->setSpacing(0);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 10, 16, 12);
    layout->setSpacing(10);
    layout->addLayout(top);
    layout->addWidget(m_factsRow);
    addFact(tr("Type"), 0);
    addFact(tr("TTL"), 1);
    addFact(tr("Length"), 3);
    addFact(tr("Memory"), 4);
    addFact(tr("Encoding"), 7);
    addFact(tr("Idle"), 8);
    addFact(tr("Slot"), 2);
    addFact(tr("Shard"), 5);
    addFact(tr("Node"), 9);
    facts->addStretch(1);
    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, &KeyHead::updateTtl);
    m_clock.start();
}

void KeyHead::makeButtons()
{
    const Theme &theme = m_context.theme();
    m_again = iconButton(u"refresh"_s, tr("Read again (F5)"), theme, this);
    m_delete = iconButton(u"trash"_s, tr("Delete…"), theme, this);
    m_more = iconButton(u"more"_s, tr("More"), theme, this);
    auto *menu = new QMenu(m_more);
    menu->addAction(tr("Rename…"), this, &KeyHead::renameRequested)->setObjectName(u"rename"_s);
    menu->addAction(tr("Duplicate…"), this, &KeyHead::duplicateRequested)->setObjectName(u"duplicate"_s);
    menu->addAction(tr("Time to live…"), this, &KeyHead::expiryRequested)->setObjectName(u"expiry"_s);
    menu->addSeparator();
    menu->addAction(tr("Compare with replicas…"), this, &KeyHead::copiesRequested)->setObjectName(u"copies"_s);
    menu->addAction(tr("Copy as command"), this, &KeyHead::copyCommandRequested);
    m_more->setMenu(menu);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_refresh->setAccessibleName(tr("Refresh automatically"));
    for (const auto &[text, everyMs] : {std::pair(tr("Refresh manually"), 0),
                                        {tr("every 1 s"), 1000},
                                        {tr("every 5 s"), 5000},
                                        {tr("every 30 s"), 30'000}})
        m_refresh->addItem(text, everyMs);
    connect(m_refresh, &QComboBox::currentIndexChanged, this,
            [this] { Q_EMIT refreshChosen(m_refresh->currentData().toInt()); });
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(QString::fromUtf8(m_head.key)); });
    connect(m_again, &QToolButton::clicked, this, &KeyHead::readAgainRequested);
    connect(m_delete, &QToolButton::clicked, this, &KeyHead::deleteRequested);
}

QLabel *KeyHead::addFact(const QString &name, int droppedAt)
{
    auto *box = new QWidget(m_factsRow);
    auto *grid = new QVBoxLayout(box);
    grid->setContentsMargins(m_facts.isEmpty() ? 0 : 14, 0, 14, 0);
    grid->setSpacing(2);
    auto *label = plainLabel(name, "muted", box);
    label->setFont(Theme::smallFont());
    auto *value = plainLabel({}, nullptr, box);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *line = new QHBoxLayout;
    line->setSpacing(6);
    if (name == tr("Shard")) {
        m_shardDot = new QLabel(box);
        m_shardDot->setFixedSize(10, 10);
        line->addWidget(m_shardDot);
    }
    line->addWidget(value);
    if (name == tr("TTL")) {
        m_expiry = iconButton(u"pencil"_s, tr("Change the time to live"), m_context.theme(), box);
        m_expiry->setIconSize({13, 13});
        m_expiry->setFixedSize(20, 20);
        connect(m_expiry, &QToolButton::clicked, this, &KeyHead::expiryRequested);
        line->addWidget(m_expiry);
    }
    if (name == tr("Slot") || name == tr("Node")) {
        const bool isSlot = name == tr("Slot");
        auto *link = new QPushButton(box);
        link->setProperty("link", true);
        link->setFont(Theme::monoFont());
        link->setAccessibleName(isSlot ? tr("Show the slot on the map") : tr("Show the node"));
        link->setToolTip(link->accessibleName());
        link->setObjectName(isSlot ? u"slotLink"_s : u"nodeLink"_s);
        connect(link, &QPushButton::clicked, this, [this, isSlot] {
            const auto slot = quint16(std::max(0, m_head.slot));
            if (isSlot)
                m_context.goTo({.page = u"slots"_s, .slots = {{slot, slot}}});
            else
                m_context.goTo({.page = u"topology"_s, .node = m_head.nodeId});
        });
        value->hide();
        line->addWidget(link);
    }
    line->addStretch(1);
    grid->addWidget(label);
    grid->addLayout(line);
    m_factsRow->layout()->addWidget(box);
    m_facts.append({name, box, value, droppedAt});
    return value;
}

void KeyHead::setFact(const QString &name, const QString &text, const QString &toolTip)
{
    for (const Fact &fact : std::as_const(m_facts)) {
        if (fact.name != name)
            continue;
        fact.value->setText(text);
        if (auto *link = fact.box->findChild<QPushButton *>())
            link->setText(text);
        fact.value->setToolTip(plainToolTip(toolTip));
        fact.box->setProperty("wanted", !text.isEmpty());
    }
}

QString KeyHead::fact(const QString &name) const
{
    for (const Fact &fact : m_facts)
        if (fact.name == name)
            return fact.value->text();
    return {};
}

void KeyHead::setHead(const ValueHead &head)
{
    m_head = head;
    m_badge->setTypeWord(head.typeWord);
    m_name->setText(head.key.isEmpty() ? tr("(empty)") : toDisplay(head.key));
    const auto refused = [&head](const QString &command) {
        const auto found = head.problems.constFind(command);
        return found == head.problems.constEnd() ? QString() : describe(*found);
    };
    const QString noMemory = refused(u"MEMORY USAGE"_s), noEncoding = refused(u"OBJECT ENCODING"_s),
                  noIdle = refused(u"OBJECT IDLETIME"_s);
    const QString dash = u"–"_s;
    setFact(tr("Type"), typeLook(head.typeWord, m_context.theme()).word);
    for (Fact &fact : m_facts)
        if (fact.droppedAt == 3)
            static_cast<QLabel *>(fact.box->layout()->itemAt(0)->widget())->setText(lengthName(head.type));
    setFact(tr("Length"),
            head.length < 0                      ? QString()
                : head.type == ValueType::String ? byteSize(head.length)
                                                 : groupedNumber(head.length),
            groupedNumber(head.length));
    setFact(tr("Memory"),
            head.memory >= 0         ? byteSize(head.memory)
                : noMemory.isEmpty() ? QString()
                                     : dash,
            head.memory >= 0 ? tr("%1 bytes, estimated by the server").arg(groupedNumber(head.memory)) : noMemory);
    setFact(tr("Encoding"),
            !head.encoding.isEmpty()   ? QString::fromLatin1(head.encoding)
                : noEncoding.isEmpty() ? QString()
                                       : dash,
            noEncoding);
    setFact(tr("Idle"),
            head.idleSeconds >= 0     ? duration(head.idleSeconds * 1000)
                : head.frequency >= 0 ? tr("frequency %1").arg(head.frequency)
                : noIdle.isEmpty()    ? QString()
                                      : dash,
            noIdle);
    setFact(tr("Slot"), head.slot >= 0 ? groupedNumber(head.slot) : QString());
    setFact(tr("Node"), head.nodeName);
    const ClusterViewPtr &view = m_context.view();
    const NodeState *node = view ? view->node(head.nodeId) : nullptr;
    const bool inShard = head.slot >= 0 && node && node->shard >= 0;
    const ShardState *shard = inShard ? &view->shards[size_t(node->shard)] : nullptr;
    setFact(tr("Shard"), shard ? shardTitle(*shard) : QString());
    if (shard)
        m_shardDot->setStyleSheet(u"background: %1; border-radius: 2px;"_s.arg(shardColour(shard->colour).name()));
    updateTtl();
    placeFacts();
}

void KeyHead::updateTtl()
{
    const auto refused = m_head.problems.constFind(u"PTTL"_s);
    if (refused != m_head.problems.constEnd() || m_head.typeWord.isEmpty()) { // unknown
        setFact(tr("TTL"), u"–"_s, refused != m_head.problems.constEnd() ? describe(*refused) : QString());
        return;
    }
    const qint64 left = m_head.ttlAt(steadyMs());
    setFact(tr("TTL"), left == -2 ? tr("gone") : left == -1 ? tr("none") : left == 0 ? tr("expired") : duration(left));
}

void KeyHead::setReadOnly(bool readOnly)
{
    const QString why = tr("This connection is read-only.");
    m_delete->setEnabled(!readOnly);
    m_delete->setToolTip(readOnly ? why : tr("Delete…"));
    m_expiry->setEnabled(!readOnly);
    m_expiry->setToolTip(readOnly ? why : tr("Change the time to live"));
    for (const auto *name : {"rename", "duplicate", "expiry"})
        m_more->menu()->findChild<QAction *>(QString::fromLatin1(name))->setEnabled(!readOnly);
}

/// Hides facts that do not fit, the least important first, so that none is clipped.
void KeyHead::placeFacts()
{
    int room = width() - 32;
    QList<const Fact *> byImportance;
    for (const Fact &fact : std::as_const(m_facts))
        byImportance.append(&fact);
    std::sort(byImportance.begin(), byImportance.end(),
              [](const Fact *a, const Fact *b) { return a->droppedAt < b->droppedAt; });
    for (const Fact *fact : std::as_const(byImportance)) {
        const bool wanted = fact->box->property("wanted").toBool();
        const int needs = wanted ? fact->box->sizeHint().width() : 0;
        fact->box->setVisible(wanted && needs <= room);
        room -= needs;
    }
    m_refresh->setVisible(width() > 420);
}

void KeyHead::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    placeFacts();
}

} // namespace slotscope
