// SPDX-License-Identifier: GPL-3.0-or-later
// Walks through the wizards on a throw-away cluster and writes a PNG of each step: wizardgrab DIR [WIDTHxHEIGHT]. Exit
// code 1 where a step was not reached.
#include "core/base/translations.h"
#include "core/operations/run/operationsdoor.h"
#include "core/session/corethread.h"
#include "core/session/sessiondoor.h"
#include "tests/support/testcluster.h"
#include "ui/operations/choosecreate.h"
#include "ui/operations/confirmpage.h"
#include "ui/shared/operationmenu.h"
#include "ui/operations/operationwizard.h"
#include "ui/operations/planpicture.h"
#include "ui/operations/planview.h"
#include "ui/operations/steptree.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTemporaryDir>

#include <array>

using namespace slotscope;
using namespace Qt::Literals::StringLiterals;

namespace {

class Walker
{
    Q_DISABLE_COPY_MOVE(Walker)
public:
    Walker(Theme &theme, OperationsDoor &door, const ConnectionTarget &target, QDir directory, QSize size)
        : m_theme(theme), m_door(door), m_target(target), m_directory(std::move(directory)), m_size(size)
    { }

    std::unique_ptr<OperationWizard> open(const OperationDraft &draft, const ClusterViewPtr &view)
    {
        const Environment environment{.kind = Environment::Kind::Development, .tag = u"DEV"_s};
        // create operations do not belong to the connection's cluster
        const bool beside = draft.operation == Operation::Create;
        auto wizard = std::make_unique<OperationWizard>(m_theme, m_door, beside ? ConnectionTarget() : m_target, view,
                                                        beside ? Environment() : environment, draft, nullptr);
        wizard->resize(m_size);
        wizard->show();
        return wizard;
    }

    bool grab(OperationWizard &wizard, const QString &name)
    {
        const QString theme = m_theme.isDark() ? u"dark"_s : u"light"_s;
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        for (int pass = 0; pass < 3; ++pass) // the layout needs several passes, because heights depend on widths
            QCoreApplication::processEvents();
        return wizard.grab().save(m_directory.filePath(u"wizard-%1-%2.png"_s.arg(name, theme)));
    }

    /// Returns whether the run has made visible progress.
    [[nodiscard]] bool hasBegun(const OperationWizard &wizard) const
    {
        const RunSnapshotPtr run = m_door.run(wizard.runId());
        return run && (run->isOver() || run->progress.slotsDone > 0 || run->progress.slotsTotal == 0);
    }
    /// Saves a screenshot of each step up to the confirmation. If `run` is true, it also starts the run and saves its
    /// progress and result.
    bool walk(const QString &name, OperationWizard &wizard, bool run)
    {
        const bool planned = QTest::qWaitFor([&] { return wizard.planned() && !wizard.isPlanning(); }, 20'000);
        bool ok = planned && grab(wizard, name + u"-1-choose"_s);
        wizard.nextButton()->click();
        if (wizard.planView()->steps()->topLevelItemCount() > 0)
            wizard.planView()->steps()->topLevelItem(0)->setExpanded(true);
        ok = grab(wizard, name + u"-2-plan"_s) && ok;
        QScrollBar *bar = wizard.planView()->verticalScrollBar();
        bar->setValue(bar->maximum());
        if (bar->maximum() > 0)
            ok = grab(wizard, name + u"-2-plan-below"_s) && ok;
        wizard.nextButton()->click();
        ok = grab(wizard, name + u"-3-confirm"_s) && ok;
        if (!run)
            return ok;
        wizard.nextButton()->click();
        ok = QTest::qWaitFor([&] { return wizard.step() >= OperationWizard::Progress; }, 20'000) && ok;
        ok = QTest::qWaitFor([&] { return hasBegun(wizard); }, 20'000) && ok;
        ok = grab(wizard, name + u"-4-progress"_s) && ok;
        ok = QTest::qWaitFor([&] { return wizard.step() == OperationWizard::Outcome; }, 90'000) && ok;
        return grab(wizard, name + u"-5-result"_s) && ok;
    }

private:
    Theme &m_theme;
    OperationsDoor &m_door;
    ConnectionTarget m_target;
    QDir m_directory;
    QSize m_size;
};

QByteArray primaryOf(const ClusterView &view, int shard)
{
    return view.nodes[size_t(view.shards[size_t(shard)].primary)].id;
}

/// Opens slot 100 between two primaries, as during a move.
void openSlot(test::TestCluster &cluster, const ClusterView &view)
{
    for (int node = 0; node < 6; ++node) {
        const NodeState *here = test::nodeAt(view, cluster.address(node));
        if (!here || !here->primary)
            continue;
        const bool owner = here->slots.contains(100);
        const QByteArray other =
            owner ? primaryOf(view, here->shard == 0 ? 1 : 0) : view.nodes[size_t(view.owner[100])].id;
        if (owner || here->id == primaryOf(view, view.nodes[size_t(view.owner[100])].shard == 0 ? 1 : 0))
            std::ignore =
                cluster.run(node, commandOf("CLUSTER", "SETSLOT", "100", owner ? "MIGRATING" : "IMPORTING", other));
    }
}

/// Creates a key of slot 100 with different values on both primaries, opens the slot and returns the key's name.
QByteArray plantBusyKey(test::TestCluster &cluster, const ClusterView &view)
{
    QByteArray key, payload;
    for (int i = 0; slotOfKey(key) != 100; ++i)
        key = "cart:" + QByteArray::number(i);
    for (const char *value : {"{\"items\":3,\"total\":\"59.90\"}", "{\"items\":2,\"total\":\"41.00\"}"}) {
        for (int node = 0; node < 6; ++node) { // all nodes but the slot's owner refuse this
            const bool set = cluster.run(node, commandOf("SET", key, value)).has_value();
            const auto dumped = set ? cluster.run(node, commandOf("DUMP", key)) : Result<Value>(Value());
            if (payload.isEmpty() && dumped)
                payload = dumped->bytes();
        }
    }
    openSlot(cluster, view);
    for (int node = 0; node < 6; ++node) // all nodes but the importing one refuse this
        std::ignore = cluster.run(node, commandOf("RESTORE-ASKING", key, "0", payload));
    return key;
}

/// Creates a key on a node that does not own the key's slot.
void plantOrphan(test::TestCluster &cluster, const ClusterView &view)
{
    const QByteArray holder = primaryOf(view, view.nodes[size_t(view.owner[100])].shard == 0 ? 1 : 0);
    QByteArray key;
    for (int i = 0; slotOfKey(key) != 100; ++i)
        key = "lost:" + QByteArray::number(i);
    for (int node = 0; node < 6; ++node) {
        const NodeState *here = test::nodeAt(view, cluster.address(node));
        if (!here || here->id != holder)
            continue;
        const auto one = [&](const Command &command) { return cluster.run(node, command).has_value(); };
        std::ignore = one(commandOf("CLUSTER", "SETSLOT", "100", "IMPORTING", view.nodes[size_t(view.owner[100])].id));
        for (int other = 0; other < 6; ++other) {
            std::ignore = cluster.run(other, commandOf("SET", key, "17"));
            const auto dumped = cluster.run(other, commandOf("DUMP", key));
            if (dumped && !dumped->bytes().isEmpty()) {
                std::ignore = one(commandOf("RESTORE-ASKING", key, "0", dumped->bytes()));
                std::ignore = cluster.run(other, commandOf("DEL", key));
            }
        }
        std::ignore = one(commandOf("CLUSTER", "SETSLOT", "100", "STABLE"));
    }
}

/// Adds a node to the cluster, kills it and returns its id once it counts as failed.
QByteArray makeDead(test::TestCluster &cluster, test::TestCluster &mortal, const SessionDoor &session)
{
    const QString address = mortal.address(0);
    const auto state = [&] { return test::nodeAt(*session.view(), address); };
    std::ignore = cluster.run(
        0, commandOf("CLUSTER", "MEET", address.section(u':', 0, 0).toLatin1(), address.section(u':', 1).toLatin1()));
    std::ignore = QTest::qWaitFor([&] { return state() && session.view()->agreed; }, 20'000);
    (*mortal).killNode(0);
    std::ignore = QTest::qWaitFor([&] { return state() && state()->condition == NodeCondition::Failed; }, 30'000);
    return state() ? state()->id : QByteArray();
}

/// Fills in the fields that have no default.
void fillIn(const OperationWizard &wizard, const QString &folder, const QString &value)
{
    if (auto *field = wizard.findChild<QLineEdit *>(u"folder"_s))
        field->setText(folder);
    if (auto *setting = wizard.findChild<QComboBox *>(u"setting"_s)) {
        setting->setEditText(u"slowlog-max-len"_s);
        wizard.findChild<QLineEdit *>(u"value"_s)->setText(value);
    }
    if (auto *action = wizard.findChild<SegmentedControl *>(u"orphanAction"_s))
        action->setCurrent(1);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    setLanguage();
    const QStringList arguments = QApplication::arguments();
    QDir directory(arguments.value(1, QDir::tempPath() + u"/slotscope-wizards"_s));
    directory.mkpath(u"."_s);
    const QStringList size = arguments.value(2, u"1000x700"_s).split(u'x');
    LocalClusterOptions hosts;
    hosts.distinctHosts = true; // a rolling failover empties one of the hosts
    test::TestCluster cluster(hosts);
    LocalClusterOptions blank;
    blank.form = false;
    // one set of empty servers per theme
    std::array<test::TestCluster, 2> empty{test::TestCluster(blank), test::TestCluster(blank)};
    blank.primaries = 1;
    blank.replicasPerPrimary = 0;
    test::TestCluster spare(blank);
    std::array<test::TestCluster, 2> mortal{test::TestCluster(blank), test::TestCluster(blank)};
    for (test::TestCluster *one : {&cluster, &empty[0], &empty[1], &spare, &mortal[0], &mortal[1]}) {
        if (one->start())
            continue;
        qWarning("%s", qPrintable(one->failure()));
        return 1;
    }
    std::ignore = QCoro::waitFor(cluster->loadSampleData(5));
    Theme theme(Theme::Mode::Dark);
    QTemporaryDir journals;
    CoreThread thread;
    OperationsDoor door(thread, journals.path());
    ConnectionTarget target = cluster.target({0, 1, 2});
    target.name = u"demo"_s;
    SessionDoor session(thread, target);
    size_t nodes = 6;
    const auto agreed = [&session, &nodes] {
        return session.view() && session.view()->agreed && session.view()->nodes.size() == nodes;
    };
    bool ok = QTest::qWaitFor(agreed, 30'000);
    // Waits until a full check that begins now shows that all nodes agree, with or without open slots as expected.
    const auto settle = [&](bool open) {
        const quint64 before = session.view()->revision;
        const auto check = session.fullCheck();
        ok = QTest::qWaitFor(
                 [&] {
                     return check.isFinished() && session.view()->revision > before && agreed()
                         && session.view()->openSlots.isEmpty() != open;
                 },
                 30'000)
            && ok;
    };
    Walker walker(theme, door, target, directory, {size.value(0).toInt(), size.value(1).toInt()});
    for (const auto mode : {Theme::Mode::Dark, Theme::Mode::Light}) {
        theme.setMode(mode);
        const bool dark = theme.isDark();
        const auto step = [&](const QString &name, const OperationDraft &draft, bool run) {
            const auto wizard = walker.open(draft, session.view());
            fillIn(*wizard, journals.filePath(dark ? u"backup"_s : u"backup-2"_s), dark ? u"200"_s : u"300"_s);
            QObject::connect(&session, &SessionDoor::viewChanged, wizard.get(), &OperationWizard::setView);
            ok = walker.walk(name, *wizard, run) && ok;
        };
        OperationDraft create = draftOf(Operation::Create);
        for (int i = 0; i < 6; ++i)
            create.host += empty[dark ? 0 : 1].address(i) + u' ';
        step(u"create"_s, create, true);
        step(u"failover"_s, draftOf(Operation::Failover, primaryOf(*session.view(), 0)), true);
        settle(false);
        step(u"reshard"_s, draftOf(Operation::Reshard, {}, primaryOf(*session.view(), 1)), true);
        settle(false);
        OperationDraft add = draftOf(Operation::AddNode);
        add.host = spare.address(0);
        step(u"add-node"_s, add, true);
        nodes = 7;
        settle(false);
        const NodeState *node = test::nodeAt(*session.view(), spare.address(0));
        const QByteArray added = node ? node->id : QByteArray();
        step(u"rebalance"_s, draftOf(Operation::Rebalance), true);
        settle(false);
        step(u"roll-back"_s, rollBackDraft(*door.runs().first(), *session.view()), true);
        settle(false);
        step(u"remove-node"_s, draftOf(Operation::RemoveNode, added), true);
        nodes = 6;
        settle(false);
        OperationDraft meet = draftOf(Operation::Meet);
        meet.host = spare.address(0);
        step(u"meet"_s, meet, true);
        nodes = 7;
        settle(false);
        node = test::nodeAt(*session.view(), spare.address(0));
        const QByteArray met = node ? node->id : QByteArray();
        step(u"replicate"_s, draftOf(Operation::Replicate, met, primaryOf(*session.view(), 0)), true);
        settle(false);
        step(u"reset"_s, draftOf(Operation::Reset, met), true);
        nodes = 6;
        settle(false);
        const QByteArray dead = makeDead(cluster, mortal[dark ? 0 : 1], session);
        step(u"forget"_s, draftOf(Operation::Forget, dead), true);
        settle(false);
        step(u"drill"_s, draftOf(Operation::Drill, primaryOf(*session.view(), 1)), true);
        settle(false);
        OperationDraft rolling = draftOf(Operation::RollingFailover);
        rolling.host = session.view()->node(primaryOf(*session.view(), 2))->address.host;
        step(u"rolling-failover"_s, rolling, true);
        settle(false);
        step(u"config"_s, draftOf(Operation::Config), true);
        step(u"save"_s, draftOf(Operation::Save), true);
        step(u"backup"_s, draftOf(Operation::Backup), true);
        plantOrphan(cluster, *session.view());
        settle(false);
        step(u"orphans"_s, draftOf(Operation::Orphans), true);
        settle(false);
        const QByteArray busy = plantBusyKey(cluster, *session.view());
        settle(true);
        step(u"busy-key"_s, draftOf(Operation::Fix), true);
        for (int i = 0; i < 6; ++i) // all nodes but the owner refuse this
            std::ignore = cluster.run(i, commandOf("DEL", busy));
        settle(true);
        step(u"fix"_s, draftOf(Operation::Fix), true);
        settle(false);
    }
    return ok ? 0 : 1;
}
