// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/connectionspage.h"

#include "core/base/errortext.h"
#include "core/profile/commandlines.h"
#include "ui/connect/connectfields.h"
#include "ui/shared/unfinishedlist.h"
#include "ui/shared/badge.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/environment.h"
#include "ui/shared/factslist.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecards.h"
#include "ui/shared/theme.h"
#include "ui/shared/twolinedelegate.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

enum FilterRole { FilterKindRole = Qt::UserRole + 1, FilterNameRole, FilterEnvironmentRole };
constexpr int panelFoldsBelow = 1200, sideFoldsBelow = 900;

SavedFilter filterOf(const QListWidgetItem *item)
{
    SavedFilter filter;
    if (!item)
        return filter;
    filter.kind = SavedFilter::Kind(item->data(FilterKindRole).toInt());
    filter.name = item->data(FilterNameRole).toString();
    filter.environment = EnvironmentKind(item->data(FilterEnvironmentRole).toInt());
    return filter;
}

} // namespace

ConnectionsPage::ConnectionsPage(const Theme &theme, SavedConnections &saved, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_saved(saved)
{
    setObjectName(u"connectionsPage"_s);
    setAttribute(Qt::WA_StyledBackground);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(16);
    m_side = makeSide();
    layout->addWidget(m_side);
    layout->addWidget(makeMiddle(), 1);
    m_panel = makePanel();
    layout->addWidget(m_panel);
    connect(&saved, &SavedConnections::changed, this, [this] {
        fillFilters();
        showConnection(m_tree->currentId());
    });
    auto *find = new QShortcut(QKeySequence::Find, this);
    find->setWhatsThis(tr("Find a connection"));
    connect(find, &QShortcut::activated, m_search, qOverload<>(&QWidget::setFocus));
    fillFilters();
    showConnection(m_tree->currentId());
    setFocusProxy(m_quick);
}

QWidget *ConnectionsPage::makeSide()
{
    auto *side = new QWidget(this);
    side->setFixedWidth(196);
    auto *title = plainLabel(tr("Connections"), nullptr, side);
    title->setFont(Theme::titleFont());
    m_filters = new QListWidget(side);
    m_filters->setObjectName(u"savedFilters"_s);
    m_filters->setAccessibleName(tr("Which connections are listed"));
    m_filters->setFrameShape(QFrame::NoFrame);
    m_filters->setProperty("plain", true);
    auto *folder = new QPushButton(themedIcon(u"plus"_s, m_theme), tr("New folder…"), side);
    connect(folder, &QPushButton::clicked, this, &ConnectionsPage::addFolder);
    auto *demo = new QPushButton(themedIcon(u"play"_s, m_theme), tr("Start the demo"), side);
    demo->setToolTip(
        tr("Starts a cluster of six servers on this computer, with sample data, and removes it afterwards."));
    connect(demo, &QPushButton::clicked, this, &ConnectionsPage::demoRequested);
    auto *create = new QPushButton(themedIcon(u"topology"_s, m_theme), tr("Create a cluster…"), side);
    connect(create, &QPushButton::clicked, this, &ConnectionsPage::createRequested);
    auto *layout = new QVBoxLayout(side);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(title);
    layout->addWidget(m_filters, 1);
    for (QPushButton *button : {folder, create, demo})
        layout->addWidget(button);
    connect(m_filters, &QListWidget::currentRowChanged, this, &ConnectionsPage::applyFilter);
    m_filters->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_filters, &QListWidget::customContextMenuRequested, this, [this] {
        const SavedFilter filter = filterOf(m_filters->currentItem());
        if (filter.kind == SavedFilter::Kind::Folder && !m_saved.fileFolders().contains(filter.name))
            showFolderMenu(filter.name);
    });
    return side;
}

QWidget *ConnectionsPage::makeMiddle()
{
    auto *middle = new QWidget(this);
    m_quick = new QLineEdit(middle);
    m_quick->setObjectName(u"quickConnect"_s);
    m_quick->setPlaceholderText(tr("redis:// address, host:port, or a redis-cli command line; Enter connects"));
    m_quick->setAccessibleName(tr("Connect without saving"));
    m_quick->setClearButtonEnabled(true);
    connect(m_quick, &QLineEdit::returnPressed, this, &ConnectionsPage::connectTyped);
    connect(m_quick, &QLineEdit::textEdited, this, [this] { setNotice({}); });
    auto *fresh = new QPushButton(themedIcon(u"plus"_s, m_theme), tr("New connection…"), middle);
    fresh->setObjectName(u"newConnection"_s);
    connect(fresh, &QPushButton::clicked, this, &ConnectionsPage::newRequested);
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_quick, 1);
    auto *bring = new QPushButton(themedIcon(u"import"_s, m_theme), tr("Import…"), middle);
    bring->setObjectName(u"import"_s);
    bring->setToolTip(tr("From a file of Slotscope, RedisInsight, Another Redis Desktop Manager, RESP.app or Docker "
                         "Compose, or a file of addresses"));
    connect(bring, &QPushButton::clicked, this, &ConnectionsPage::chooseImport);
    top->addWidget(bring);
    auto *out = new QPushButton(themedIcon(u"export"_s, m_theme), tr("Export…"), middle);
    out->setObjectName(u"export"_s);
    out->setToolTip(tr("The saved connections to a file, with passwords protected by a passphrase, or without"));
    connect(out, &QPushButton::clicked, this, &ConnectionsPage::chooseExport);
    top->addWidget(out);
    top->addWidget(fresh);
    m_notice = plainLabel({}, "error", middle);
    m_notice->setObjectName(u"connectionsNotice"_s);
    m_notice->setWordWrap(true);
    m_notice->hide();

    m_unfinishedCard = pageCard(middle);
    m_unfinished = new UnfinishedList(m_theme, m_unfinishedCard);
    layOutCard(m_unfinishedCard, {pageCardTitle(tr("Unfinished operations"), m_unfinishedCard)}, nullptr)
        ->addWidget(m_unfinished);
    m_unfinishedCard->hide();
    connect(m_unfinished, &UnfinishedList::chosen, this, &ConnectionsPage::unfinishedChosen);
    connect(m_unfinished, &UnfinishedList::dismissed, this, &ConnectionsPage::unfinishedDismissed);

    auto *card = pageCard(middle);
    m_search = new QLineEdit(card);
    m_search->setObjectName(u"savedSearch"_s);
    m_search->setPlaceholderText(tr("Search name, address, tag, note"));
    m_search->setAccessibleName(tr("Find a saved connection"));
    m_search->setClearButtonEnabled(true);
    m_tree = new SavedTree(m_theme, m_saved, card);
    m_foot = mutedLabel(card);
    QVBoxLayout *rows = layOutCard(card, {m_search}, m_search);
    rows->addWidget(m_tree, 1);
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(16, 8, 16, 8);
    foot->addWidget(m_foot);
    rows->addLayout(foot);
    connect(m_search, &QLineEdit::textChanged, this, &ConnectionsPage::applyFilter);
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        if (const QString id = m_tree->currentId(); !id.isEmpty())
            Q_EMIT chosen(id);
    });
    connect(m_tree, &SavedTree::chosen, this, &ConnectionsPage::chosen);
    connect(m_tree, &SavedTree::currentChosen, this, &ConnectionsPage::showConnection);
    connect(m_tree, &SavedTree::renameRequested, this, &ConnectionsPage::rename);
    connect(m_tree, &SavedTree::removeRequested, this, &ConnectionsPage::askToRemove);
    connect(m_tree, &SavedTree::menuRequested, this, &ConnectionsPage::showMenu);
    connect(m_tree, &SavedTree::movedTo, this, [this](const QString &id, const QString &folder) {
        change(id, [&folder](SavedConnection &connection) { connection.folder = folder; });
    });
    auto *layout = new QVBoxLayout(middle);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addLayout(top);
    layout->addWidget(m_notice);
    layout->addWidget(m_unfinishedCard);
    layout->addWidget(card, 1);
    return middle;
}

QFrame *ConnectionsPage::makePanel()
{
    QFrame *panel = pageCard(this);
    panel->setFixedWidth(320);
    m_name = new ElidedLabel({}, Qt::ElideRight, panel);
    m_name->setFont(Theme::titleFont());
    m_badge = new Badge(m_theme, panel);
    m_star = new QPushButton(panel);
    m_star->setFlat(true);
    m_star->setToolTip(tr("Favourite"));
    m_star->setAccessibleName(tr("Favourite"));
    m_star->setCheckable(true);
    m_star->setIcon(themedIcon(u"star"_s, m_theme));
    m_notes = plainLabel({}, "muted", panel);
    m_notes->setWordWrap(true);
    m_facts = new FactsList(panel);
    for (const auto &[key, label] :
         std::initializer_list<std::pair<QString, QString>>{{u"seeds"_s, tr("Seeds")},
                                                            {u"kind"_s, tr("Kind")},
                                                            {u"server"_s, tr("Server")},
                                                            {u"user"_s, tr("User")},
                                                            {u"password"_s, tr("Password")},
                                                            {u"tls"_s, tr("TLS")},
                                                            {u"way"_s, tr("Route")},
                                                            {u"database"_s, tr("Database")},
                                                            {u"opens"_s, tr("Opens with")},
                                                            {u"addresses"_s, tr("Addresses")},
                                                            {u"tags"_s, tr("Tags")},
                                                            {u"used"_s, tr("Last used")}})
        m_facts->addFact(key, label);
    auto *head = new QHBoxLayout;
    head->addWidget(m_name);
    head->addWidget(m_badge);
    head->addStretch();
    head->addWidget(m_star);
    auto *edit = new QPushButton(tr("Edit…"), panel), *copy = new QPushButton(tr("Duplicate"), panel),
         *go = new QPushButton(tr("Connect"), panel);
    go->setProperty("primary", true);
    m_acts = {edit, copy, go, m_star};
    auto *foot = new QHBoxLayout;
    foot->addWidget(edit);
    foot->addWidget(copy);
    foot->addStretch();
    foot->addWidget(go);
    auto *layout = new QVBoxLayout(panel);
    layout->setContentsMargins(16, 14, 16, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_notes);
    layout->addWidget(m_facts);
    layout->addStretch();
    layout->addLayout(foot);
    connect(edit, &QPushButton::clicked, this, [this] { Q_EMIT editRequested(m_tree->currentId()); });
    connect(go, &QPushButton::clicked, this, [this] { Q_EMIT chosen(m_tree->currentId()); });
    connect(m_star, &QPushButton::clicked, this, [this](bool on) {
        change(m_tree->currentId(), [on](SavedConnection &connection) { connection.isFavourite = on; });
    });
    connect(copy, &QPushButton::clicked, this, [this] {
        const SavedConnection *known = m_saved.find(m_tree->currentId());
        if (!known)
            return;
        SavedConnection twin = *known;
        twin.id.clear();
        if (!std::exchange(twin.file, {}).isEmpty()) {
            twin.folder.clear();
            twin.target.credentials.command = {}; // the command must be confirmed in the dialog, where it is visible
        }
        twin.target.name = tr("%1, copy").arg(known->target.title());
        twin.keepsSecrets = false; // the secrets are stored in the keychain under the id of the original
        twin.used = 0;
        twin.usedAt = 0;
        if (const auto id = m_saved.put(twin))
            m_tree->setCurrentId(*id);
        else
            setNotice(describe(id.error()));
    });
    return panel;
}

void ConnectionsPage::fillFilters()
{
    const SavedFilter before = filterOf(m_filters->currentItem());
    QSignalBlocker blocker(m_filters);
    m_filters->clear();
    const auto add = [this, &before](const QString &icon, const QString &words, const SavedFilter &filter) {
        const auto count = std::count_if(m_saved.list().cbegin(), m_saved.list().cend(),
                                         [&filter](const SavedConnection &one) { return filter.takes(one); });
        const bool isKept = filter.kind == SavedFilter::Kind::All || filter.kind == SavedFilter::Kind::Folder;
        if (count == 0 && !isKept)
            return;
        auto *item = new QListWidgetItem(themedIcon(icon, m_theme), u"%1   %2"_s.arg(words).arg(count), m_filters);
        item->setData(FilterKindRole, int(filter.kind));
        item->setData(FilterNameRole, filter.name);
        item->setData(FilterEnvironmentRole, int(filter.environment));
        item->setSizeHint({120, 30});
        if (filter.kind == before.kind && filter.name == before.name && filter.environment == before.environment)
            m_filters->setCurrentItem(item);
    };
    using Kind = SavedFilter::Kind;
    add(u"plug"_s, tr("All"), {.kind = Kind::All, .name = {}, .words = {}});
    add(u"clock"_s, tr("Recent"), {.kind = Kind::Recent, .name = {}, .words = {}});
    add(u"star"_s, tr("Favourites"), {.kind = Kind::Favourites, .name = {}, .words = {}});
    for (const QString &folder : m_saved.folders() + m_saved.fileFolders())
        add(u"folder"_s, folder, {.kind = Kind::Folder, .name = folder, .words = {}});
    for (const EnvironmentKind kind :
         {EnvironmentKind::Production, EnvironmentKind::Staging, EnvironmentKind::Development})
        add(u"tag"_s, Environment::of(kind).tag,
            {.kind = Kind::Environment, .name = {}, .environment = kind, .words = {}});
    QStringList tags;
    for (const SavedConnection &connection : m_saved.list())
        tags += connection.tags;
    tags.removeDuplicates();
    tags.sort();
    for (const QString &tag : std::as_const(tags))
        add(u"tag"_s, tag, {.kind = Kind::Tag, .name = tag, .words = {}});
    if (!m_filters->currentItem())
        m_filters->setCurrentRow(0);
    blocker.unblock();
    applyFilter();
}

void ConnectionsPage::applyFilter()
{
    SavedFilter filter = filterOf(m_filters->currentItem());
    filter.words = m_search->text();
    m_tree->setFilter(filter);
    const bool isEmpty = m_tree->shownCount() == 0 && !m_saved.list().isEmpty();
    m_foot->setText(isEmpty ? tr("None of the %1 saved connections matches.").arg(m_saved.list().size())
                            : tr("Enter connects · F2 renames · Del removes · drag to a folder"));
}

void ConnectionsPage::connectTyped()
{
    const auto target = targetFromWords(m_quick->text());
    if (!target) {
        setNotice(describe(target.error()));
        return;
    }
    m_quick->clear(); // the text may contain a password
    setNotice({});
    Q_EMIT connectRequested(*target);
}

void ConnectionsPage::showConnection(const QString &id)
{
    const SavedConnection *connection = m_saved.find(id);
    for (QPushButton *act : std::as_const(m_acts))
        act->setEnabled(connection);
    if (!connection) {
        m_name->setText(tr("Nothing is selected"));
        m_badge->hide();
        m_notes->hide();
        m_facts->hide();
        return;
    }
    const ConnectionTarget &target = connection->target;
    m_name->setText(target.title());
    const QString tag = Environment::of(target.environment).tag;
    m_badge->setBadge(tag,
                      target.environment == EnvironmentKind::Production    ? Tone::Bad
                          : target.environment == EnvironmentKind::Staging ? Tone::Warning
                                                                           : Tone::Good);
    m_badge->setVisible(!tag.isEmpty());
    m_star->setChecked(connection->isFavourite);
    m_notes->setText(connection->notes);
    m_notes->setVisible(!connection->notes.isEmpty());
    m_facts->show();
    QStringList seeds;
    for (const Endpoint &seed : target.seeds)
        seeds << seed.toString();
    m_facts->setFact(u"seeds"_s, seeds.join(u'\n'));
    m_facts->setFact(u"kind"_s, connection->kind);
    m_facts->setFact(u"server"_s, connection->server);
    m_facts->setFact(u"user"_s, target.credentials.user.isEmpty() ? tr("default") : target.credentials.user);
    m_facts->setFact(u"password"_s,
                     !target.credentials.command.isEmpty() ? tr("from “%1”").arg(target.credentials.command.line)
                         : !connection->passwordVariable.isEmpty() ? tr("from $%1").arg(connection->passwordVariable)
                         : connection->keepsSecrets                ? tr("in the keychain")
                         : connection->hadPassword                 ? tr("asked each time")
                                                                   : tr("none"));
    QStringList tls;
    if (target.tls.on)
        tls << (target.tls.insecure               ? tr("any certificate is accepted")
                    : !target.tls.pin.isEmpty()   ? tr("one pinned certificate")
                    : target.tls.caFile.isEmpty() ? tr("system CAs, host names verified")
                                                  : tr("custom CA, host names verified"));
    if (!target.tls.certFile.isEmpty())
        tls << tr("with a client certificate");
    m_facts->setFact(u"way"_s, target.way.isDirect() ? tr("direct") : target.way.title());
    m_facts->setFact(u"tls"_s, tls.isEmpty() ? tr("no") : tls.join(u", "_s), target.tls.insecure ? "warn" : "");
    m_facts->setFact(u"database"_s, target.database == 0 ? QString() : QString::number(target.database));
    m_facts->setFact(u"opens"_s, target.readOnly ? tr("read-only") : tr("read and write"));
    m_facts->setFact(u"addresses"_s,
                     target.addressMap.isEmpty() ? tr("as announced")
                                                 : tr("%n mapped", nullptr, int(target.addressMap.size())));
    m_facts->setFact(u"tags"_s, connection->tags.join(u", "_s));
    m_facts->setFact(u"used"_s,
                     connection->used == 0
                         ? tr("never")
                         : tr("%1 times, last %2")
                               .arg(connection->used)
                               .arg(agoText(connection->usedAt, QDateTime::currentMSecsSinceEpoch())));
}

void ConnectionsPage::setUnfinished(const QList<RunSnapshotPtr> &runs)
{
    constexpr int shown = 3;
    m_unfinished->setRuns(runs);
    m_unfinished->setFixedHeight(std::min(m_unfinished->count(), shown) * TwoLineDelegate::rowHeight + 4);
    m_unfinishedCard->setVisible(m_unfinished->count() > 0);
}

void ConnectionsPage::setNotice(const QString &text)
{
    m_notice->setText(text);
    m_notice->setVisible(!text.isEmpty());
}

void ConnectionsPage::tell(const Result<> &outcome)
{
    setNotice(outcome ? QString() : describe(outcome.error()));
}

void ConnectionsPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_panel->setVisible(width() >= panelFoldsBelow - 84);
    m_side->setVisible(width() >= sideFoldsBelow - 84);
}

} // namespace slotscope
