// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/browserpage.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/cluster/keyspace.h"
#include "core/session/sessiondoor.h"
#include "ui/shared/bulkstrip.h"
#include "ui/browser/keyjobs.h"
#include "ui/browser/keypane.h"
#include "ui/browser/newkeydialog.h"
#include "ui/browser/valuepane.h"
#include "ui/browser/valuetab.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QMessageBox>
#include <QPushButton>
#include <QSet>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QTabBar>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int mostDatabases = 1024; // highest number of databases listed
const QList<QByteArray> usualDelimiters{":"_ba};

} // namespace

BrowserPage::BrowserPage(PageContext &context, QWidget *parent)
    : Page(context, parent)
    , m_sender(context, this)
    , m_keys(new KeyPane(context, this))
    , m_values(new ValuePane(context, m_sender, this))
    , m_split(new QSplitter(Qt::Horizontal, this))
    , m_bulk(new BulkStrip(context, BulkStrip::Names::Job, this))
    , m_jobs(new KeyJobs(context, *m_bulk, this))
{
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(8);
    m_split->addWidget(m_keys);
    m_split->addWidget(m_values);
    m_split->setStretchFactor(0, 0);
    m_split->setStretchFactor(1, 1);
    m_split->setSizes({500, 800});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(makeHead());
    layout->addWidget(m_split, 1);
    layout->addWidget(m_bulk);
    m_keys->store().setDelimiters(usualDelimiters);
    connectParts();
    takeDoor();
    takeRights();
}

BrowserPage::~BrowserPage() = default;

QWidget *BrowserPage::makeHead()
{
    auto *head = new QWidget(this);
    auto *title = plainLabel(tr("Browser"), nullptr, head);
    title->setFont(Theme::titleFont());
    m_subtitle = new ElidedLabel({}, Qt::ElideRight, head);
    m_subtitle->setProperty("tone", u"muted"_s);
    m_scope = new QComboBox(head);
    m_scope->setAccessibleName(tr("Where to scan"));
    m_database = new QComboBox(head);
    m_database->setAccessibleName(tr("Database"));
    m_form = new SegmentedControl({tr("Tree"), tr("List")}, head);
    m_form->setAccessibleName(tr("Show as"));
    m_new = new QPushButton(themedIcon(u"plus"_s, context().theme()), tr("New key…"), head);
    m_import = new QPushButton(themedIcon(u"import"_s, context().theme()), tr("Import…"), head);
    auto *layout = new QHBoxLayout(head);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_subtitle, 1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_database, m_scope, m_form, m_import, m_new})
        layout->addWidget(widget);
    m_database->hide();
    return head;
}

void BrowserPage::connectParts()
{
    connect(m_keys, &KeyPane::keyChosen, m_values, &ValuePane::open);
    connect(m_keys, &KeyPane::keyChosen, this, [this](const QByteArray &key) { m_keys->memory().opened(key); });
    connect(m_keys, &KeyPane::renameRequested, this, [this](const QByteArray &key) {
        m_values->open(key, false);
        m_values->current()->askToRename(false);
    });
    connect(m_keys, &KeyPane::actRequested, this, &BrowserPage::forSelection);
    // scan again to show the current keys of the servers
    connect(m_jobs, &KeyJobs::keysChanged, m_keys, &KeyPane::scanInPlace);
    connect(m_import, &QPushButton::clicked, this, [this] { m_jobs->askForImport(m_databaseInUse); });
    connect(m_values, &ValuePane::keyGone, this, [this](const QByteArray &key) { m_keys->store().remove(key); });
    connect(m_values, &ValuePane::keyChanged, this,
            [this](const QByteArray &key) { m_keys->store().readFactsAgain(key); });
    connect(m_values, &ValuePane::keyMade, this, [this](const QByteArray &key) { m_keys->store().insert(key); });
    connect(m_values, &ValuePane::databaseRequested, this, [this](const QByteArray &key, int database) {
        Place place;
        place.key = key;
        place.database = database;
        showPlace(place);
    });
    connect(m_form, &SegmentedControl::currentChanged, this,
            [this](int form) { m_keys->setMode(form == 0 ? KeyRowsModel::Mode::Tree : KeyRowsModel::Mode::List); });
    connect(m_scope, &QComboBox::activated, this, [this] { m_keys->setScope(scope()); });
    connect(m_database, &QComboBox::activated, this, [this] {
        const int chosen = m_database->currentData().toInt();
        if (chosen < 0)
            askForDatabaseName();
        else
            changeDatabase(chosen, [this] { m_keys->setScope(scope()); });
    });
    connect(m_new, &QPushButton::clicked, this, &BrowserPage::askForNewKey);
    connect(&context(), &PageContext::doorChanged, this, &BrowserPage::takeDoor);
    connect(&context(), &PageContext::readOnlyChanged, this, &BrowserPage::takeRights);
    const auto shortcut = [this](const QKeySequence &keys, const QString &title, auto act) {
        auto *made = new QShortcut(keys, this);
        made->setWhatsThis(title);
        made->setContext(Qt::WindowShortcut); // wherever the focus is, while the page is visible
        connect(made, &QShortcut::activated, this, act);
    };
    shortcut(QKeySequence::Find, tr("Find keys"), [this] {
        m_keys->searchField()->setFocus();
        m_keys->searchField()->selectAll();
    });
    shortcut(QKeySequence::New, tr("New key…"), [this] { askForNewKey(); });
}

bool BrowserPage::closeOwnTab()
{
    if (m_values->tabs()->count() == 0)
        return false;
    m_values->closeTab(m_values->tabs()->currentIndex());
    return true;
}

/// Switches the database and calls `then` when it is in use: at once, or after the user agreed to drop unsaved changes.
void BrowserPage::changeDatabase(int database, const std::function<void()> &then)
{
    if (database == m_databaseInUse) {
        then();
        return;
    }
    if (m_values->hasChanges()) {
        askToChangeDatabase(database, then);
        return;
    }
    useDatabase(database);
    then();
}

void BrowserPage::useDatabase(int database)
{
    m_databaseInUse = database;
    if (m_sender.services()) {
        m_sender.services()->reader.tell([database](ValueReader &reader) { reader.setDatabase(database); });
        m_sender.services()->editor.tell([database](ValueEditor &editor) { editor.setDatabase(database); });
    }
    m_values->closeAll(); // the open keys belong to another database
    fillDatabases();
    updateSubtitle();
}

void BrowserPage::takeDoor()
{
    m_values->closeAll();
    m_sender.setServices(context().door() ? std::make_shared<ValueServices>(*context().door()) : nullptr);
    m_scanDue = true;
    m_keysIn.clear();
    m_databases = 1;
    m_database->clear();
    m_databaseInUse = std::max(0, context().target().database);
    const ConnectionTarget &target = context().target();
    ConnectionTarget place = target; // address map and renamed commands do not change which keys the place has
    place.addressMap.clear();
    place.renamed.clear();
    if (context().door())
        takePlace(target.name.isEmpty() ? place.toUri() : target.name);
    scanWhereDue();
}

/// Each place has its own favourites, delimiters and formats.
void BrowserPage::takePlace(const QString &place)
{
    KeyMemory &memory = m_keys->memory();
    if (place == memory.place())
        return;
    memory.setPlace(place);
    fillDatabases(); // with the names for this place
    takeWays();
}

void BrowserPage::takeWays()
{
    const KeyMemory &memory = m_keys->memory();
    m_keys->store().setDelimiters(memory.delimiters().isEmpty() ? usualDelimiters : memory.delimiters());
    m_sender.formats().restore(memory.formats());
    m_sender.protoFiles().setFolders(memory.protoFolders());
}

void BrowserPage::takeRights()
{
    m_new->setEnabled(!context().isReadOnly());
    m_import->setEnabled(!context().isReadOnly());
    m_import->setToolTip(context().isReadOnly() ? tr("This connection is read-only.")
                                                : tr("Keys from an export file, or a file of commands"));
    m_new->setToolTip(context().isReadOnly() ? tr("This connection is read-only.") : tr("Ctrl+N"));
}

void BrowserPage::setView(const ClusterViewPtr &view)
{
    m_keys->model().setView(view);
    fillScopes();
    updateSubtitle();
    scanWhereDue();
}

/// Scans all keys only when somebody views the page.
void BrowserPage::scanWhereDue()
{
    if (!m_scanDue || !isVisible() || !context().door() || !context().view())
        return;
    m_scanDue = false;
    readDatabases();
    m_keys->setScope(scope());
}

void BrowserPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    scanWhereDue();
}

void BrowserPage::fillScopes()
{
    const ClusterViewPtr &view = context().view();
    QList<QPair<QString, QByteArray>> wanted{{tr("Scan all primaries"), QByteArray("primaries")}};
    if (view && view->cluster) {
        wanted.append({tr("Scan replicas"), QByteArray("replicas")});
        for (const NodeState &node : view->nodes)
            if (!node.flags.testFlag(NodeFlag::Handshake))
                wanted.append({tr("Scan %1").arg(node.name), node.id});
    } else {
        wanted.first().first = tr("Scan the server");
    }
    QList<QPair<QString, QByteArray>> now;
    for (int i = 0; i < m_scope->count(); ++i)
        now.append({m_scope->itemText(i), m_scope->itemData(i).toByteArray()});
    if (now == wanted)
        return;
    const QByteArray chosen = m_scope->currentData().toByteArray();
    m_scope->clear();
    for (const auto &[text, choice] : wanted)
        m_scope->addItem(text, choice);
    m_scope->setCurrentIndex(std::max(0, m_scope->findData(chosen)));
}

/// Reads which databases exist and how many keys each has on all primaries together. A standalone server has several,
/// and so has a cluster from Valkey 9 on (cluster-databases).
void BrowserPage::readDatabases()
{
    SessionDoor *door = context().door();
    if (!door)
        return;
    const NodeSelection primaries{.kind = NodeSelection::Kind::Primaries, .nodeId = {}};
    whenDone(door->call(commandOf("INFO", "keyspace"), primaries), this,
             [this](const Result<QList<NodeReply>> &replies) {
                 QMap<int, qint64> counts;
                 for (const NodeReply &node : replies ? *replies : QList<NodeReply>()) {
                     const auto databases = keyspaceOf(node.reply ? node.reply->bytes() : QByteArray());
                     for (auto each = databases.constBegin(); each != databases.constEnd(); ++each)
                         counts[each.key()] += each->keys;
                 }
                 m_keysIn = counts;
                 fillDatabases();
             });
    const bool isCluster = context().view() && context().view()->cluster;
    whenDone(door->call(commandOf("CONFIG", "GET", isCluster ? "cluster-databases" : "databases"), primaries), this,
             [this](const Result<QList<NodeReply>> &replies) {
                 if (replies && !replies->isEmpty() && replies->front().reply
                     && replies->front().reply->items().size() == 2)
                     m_databases = std::clamp(replies->front().reply->items()[1].bytes().toInt(), 1, mostDatabases);
                 fillDatabases();
             });
}

ScanRequest BrowserPage::scope() const
{
    ScanRequest request;
    const QByteArray chosen = m_scope->currentData().toByteArray();
    if (chosen == "replicas") {
        request.from = ScanRequest::From::Replicas;
    } else if (!chosen.isEmpty() && chosen != "primaries") {
        request.from = ScanRequest::From::OneNode;
        request.nodeId = chosen;
    }
    request.database = m_databaseInUse;
    return request;
}

void BrowserPage::updateSubtitle()
{
    m_subtitle->setText(
        width() < 1100 ? QString()
                       : tr("database %1 · type, TTL and memory are read for visible rows only").arg(scope().database));
}

void BrowserPage::showPlace(const Place &place)
{
    if (place.key.isNull())
        return;
    const int database = place.database < 0 ? m_databaseInUse : place.database;
    const bool isOther = database != m_databaseInUse;
    changeDatabase(database, [this, place, isOther] {
        if (place.part.startsWith(u"pattern"_s)) {
            m_keys->takeScope(scope());
            const KeyPane::Aim aim = place.part == u"pattern-without-ttl" ? KeyPane::Aim::WithoutTtl
                : place.part == u"pattern-expire"                         ? KeyPane::Aim::Expire
                : place.part.startsWith(u"pattern-by-memory"_s)           ? KeyPane::Aim::ByMemory
                                                                          : KeyPane::Aim::Names;
            m_keys->scanOnly(place.key, aim, place.part == u"pattern-by-memory-strings" ? "string"_ba : QByteArray());
            m_scanDue = false;
            return;
        }
        if (isOther) {
            m_keys->setScope(scope());
            m_scanDue = false;
        }
        m_values->open(place.key, true);
        m_keys->memory().opened(place.key);
        m_keys->reveal(place.key);
    });
}

void BrowserPage::readAgain()
{
    if (m_values->current() && m_values->isAncestorOf(focusWidget()))
        m_values->current()->readAgain();
    else {
        readDatabases();
        m_keys->scan();
    }
}

bool BrowserPage::closeDetail()
{
    if (m_keys->clearSelection())
        return true;
    if (m_keys->searchField()->text().isEmpty())
        return false;
    m_keys->searchField()->clear();
    return true;
}

void BrowserPage::saveState(QSettings &settings) const
{
    settings.setValue(u"browser/splitter"_s, m_split->saveState());
    settings.setValue(u"browser/form"_s, m_form->current());
    KeyMemory memory = m_keys->memory();
    memory.setDelimiters(m_keys->store().delimiters().words());
    memory.setFormats(m_sender.formats().save());
    memory.setProtoFolders(m_sender.protoFiles().folders());
    memory.save(settings);
}

void BrowserPage::restoreState(const QSettings &settings)
{
    m_split->restoreState(settings.value(u"browser/splitter"_s).toByteArray());
    m_form->setCurrent(settings.value(u"browser/form"_s, 0).toInt());
    m_keys->memory().restore(settings);
    fillDatabases();
    if (!m_keys->memory().place().isEmpty())
        takeWays();
}

bool BrowserPage::isFilled() const
{
    return m_keys->store().progress().isOver() && m_keys->model().rowCount() > 0;
}

QString BrowserPage::unsaved() const
{
    return m_values->hasChanges() ? tr("Values with unsaved changes are open in the browser.") : QString();
}

QString BrowserPage::heldHere() const
{
    return m_values->count() > 0 ? tr("Open keys in the browser") : QString();
}

void BrowserPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    updateSubtitle();
}

} // namespace slotscope
