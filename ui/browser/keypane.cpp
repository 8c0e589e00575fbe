// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/keypane.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/protocol/command.h"
#include "ui/browser/bytesfield.h"
#include "ui/browser/elementdialog.h"
#include "ui/browser/keydelegate.h"
#include "ui/browser/rankbar.h"
#include "ui/browser/scantrack.h"
#include "ui/shared/typebadge.h"
#include "ui/shared/currentstack.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/emptystate.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/rowsview.h"
#include "ui/shared/theme.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int filterAfterMs = 150;

QToolButton *smallButton(const QString &icon, const QString &toolTip, const Theme &theme, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(icon, theme));
    button->setIconSize({14, 14});
    button->setToolTip(toolTip);
    button->setAccessibleName(toolTip);
    return button;
}

} // namespace

KeyPane::KeyPane(PageContext &context, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_model(m_store)
    , m_rank(new RankBar(context, m_store, this))
    , m_rows(new RowsView(this))
    , m_stack(new CurrentStack(this))
{
    setProperty("card", true);
    setMinimumWidth(272);
    m_empty = new EmptyState(context.theme(), this);
    makeRows();
    m_stack->addWidget(m_rows);
    m_stack->addWidget(m_empty);
    m_foot = new ElidedLabel({}, Qt::ElideRight, this);
    m_foot->setProperty("tone", u"muted"_s);
    m_delimiters = new QPushButton(tr("change…"), this);
    m_delimiters->setProperty("link", true);
    m_delimiters->setToolTip(tr("Characters that divide names into folders"));
    m_onlyFolder = new QPushButton(this);
    m_onlyFolder->setProperty("link", true);
    m_onlyFolder->setToolTip(tr("Scan all again"));
    m_onlyFolder->hide();
    connect(m_onlyFolder, &QPushButton::clicked, this, [this] { scanFolder({}); });
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(12, 4, 12, 4);
    foot->addWidget(m_foot, 1);
    foot->addWidget(m_onlyFolder);
    auto *order = new QPushButton(tr("order…"), this);
    order->setProperty("link", true);
    order->setToolTip(tr("Sort by time to live, memory, length or idle time; show only keys without a time to live"));
    connect(order, &QPushButton::clicked, this, [this, order] {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillOrderMenu(menu);
        menu->popup(order->mapToGlobal(QPoint(0, order->height())));
    });
    foot->addWidget(order);
    foot->addWidget(m_delimiters);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    layout->addWidget(makeSearch());
    layout->addWidget(makeProgress());
    layout->addWidget(m_rank);
    layout->addWidget(m_stack, 1);
    layout->addWidget(makeSelectionBar());
    layout->addLayout(foot);
    m_filterTimer.setSingleShot(true);
    m_filterTimer.setInterval(filterAfterMs);
    connectStore();
    updateProgress();
    updateSelection();
}

KeyPane::~KeyPane() = default;

QWidget *KeyPane::makeSearch()
{
    auto *bar = new QWidget(this);
    const Theme &theme = m_context.theme();
    m_search = new QLineEdit(bar);
    m_search->setPlaceholderText(tr("Part of a name, or the exact name of a key"));
    m_search->setAccessibleName(tr("Search keys"));
    m_search->addAction(themedIcon(u"search"_s, theme), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    m_searchMode = new QComboBox(bar);
    m_searchMode->addItems({tr("text"), tr("glob"), tr("regex")});
    m_searchMode->setAccessibleName(tr("How the search text is interpreted"));
    m_searchMode->setToolTip(tr("text: literally, anywhere in the name. glob: * ? [ ] as in Redis, the whole name. "
                                "regex: a regular expression, anywhere."));
    m_type = new QComboBox(bar);
    m_type->addItem(tr("Any type"), QByteArray());
    for (const QByteArray &word : {"string"_ba, "hash"_ba, "list"_ba, "set"_ba, "zset"_ba, "stream"_ba}) {
        const TypeLook look = typeLook(word, theme);
        m_type->addItem(look.letter + u"  "_s + look.word, word);
    }
    m_type->setAccessibleName(tr("Type"));
    auto *layout = new QHBoxLayout(bar);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->setSpacing(8);
    auto *memory = smallButton(u"star"_s, tr("Favourites, recently opened keys, past searches"), theme, bar);
    connect(memory, &QToolButton::clicked, this, [this, memory] {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillMemoryMenu(menu);
        menu->popup(memory->mapToGlobal(QPoint(0, memory->height())));
    });
    layout->addWidget(m_search, 1);
    layout->addWidget(memory);
    layout->addWidget(m_searchMode);
    layout->addWidget(m_type);
    connect(m_search, &QLineEdit::textChanged, &m_filterTimer, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, &KeyPane::openExact);
    connect(m_searchMode, &QComboBox::currentIndexChanged, this, &KeyPane::applyFilter);
    connect(&m_filterTimer, &QTimer::timeout, this, &KeyPane::applyFilter);
    connect(m_type, &QComboBox::currentIndexChanged, this, &KeyPane::scan);
    m_search->installEventFilter(this);
    return bar;
}

QWidget *KeyPane::makeProgress()
{
    auto *box = new QFrame(this);
    const Theme &theme = m_context.theme();
    m_progress = new ElidedLabel({}, Qt::ElideRight, box);
    m_progress->setProperty("tone", u"muted"_s);
    m_pause = smallButton(u"pause"_s, tr("Pause the scan"), theme, box);
    m_stop = smallButton(u"stop"_s, tr("Stop the scan"), theme, box);
    m_again = smallButton(u"refresh"_s, tr("Scan again (F5)"), theme, box);
    m_track = new ScanTrack(theme, box);
    auto *top = new QHBoxLayout;
    top->setSpacing(4);
    top->addWidget(m_progress, 1);
    for (QToolButton *button : {m_pause, m_stop, m_again})
        top->addWidget(button);
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(12, 2, 12, 6);
    layout->setSpacing(2);
    layout->addLayout(top);
    layout->addWidget(m_track);
    connect(m_pause, &QToolButton::clicked, this, [this] {
        if (m_store.progress().state == ScanProgress::State::Paused)
            m_store.goOn();
        else
            m_store.pause();
    });
    connect(m_stop, &QToolButton::clicked, &m_store, &KeyStore::stop);
    connect(m_again, &QToolButton::clicked, this, &KeyPane::scan);
    return box;
}

void KeyPane::makeRows()
{
    m_rows->setModel(&m_model);
    auto *delegate = new KeyDelegate(m_context.theme(), m_rows);
    delegate->setFavourite([this](const QByteArray &key) { return m_memory.isFavourite(key); });
    m_rows->setItemDelegate(delegate);
    m_rows->setAccessibleName(tr("Keys"));
    m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rows->setContextMenuPolicy(Qt::CustomContextMenu);
    QHeaderView *header = m_rows->header();
    using Column = KeyRowsModel::Column;
    for (int column = 0; column < m_model.columnCount(); ++column) {
        const auto which = Column(column);
        header->setSectionHidden(column, which != Column::Key && which != Column::Ttl && which != Column::Memory);
        header->setSectionResizeMode(column, which == Column::Key ? QHeaderView::Stretch : QHeaderView::Interactive);
        header->resizeSection(column, which == Column::Ttl ? 104 : 84);
    }
    connectHeader();
    connect(m_rows, &RowsView::visibleRowsChanged, this,
            [this](int first, int last) { m_model.setVisibleRows(first, last); });
    connect(m_rows, &RowsView::foldRequested, this, [this](int row, bool open) {
        const QModelIndex index = m_model.index(row, 0);
        const bool isFolder = index.data(KeyRowsModel::IsFolderRole).toBool();
        const bool isOpen = index.data(KeyRowsModel::ExpandedRole).toBool();
        if (isFolder && isOpen != open)
            m_model.toggle(row);
        else if (!open && m_model.parentRow(row) >= 0)
            m_rows->setCurrentIndex(m_model.index(m_model.parentRow(row), 0));
    });
    connect(m_rows, &QAbstractItemView::doubleClicked, this, [this](const QModelIndex &index) {
        if (!index.data(KeyRowsModel::IsFolderRole).toBool())
            activate(index.row(), true);
    });
    connect(m_rows->selectionModel(), &QItemSelectionModel::selectionChanged, this, &KeyPane::updateSelection);
    connect(m_rows, &QWidget::customContextMenuRequested, this, [this](const QPoint &point) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillMenu(menu, m_rows->indexAt(point).row());
        menu->popup(m_rows->viewport()->mapToGlobal(point));
    });
    m_rows->installEventFilter(this);
    m_rows->viewport()->installEventFilter(this);
}

QList<KeyRowsModel::Column> KeyPane::shownColumns() const
{
    QList<KeyRowsModel::Column> shown;
    for (int column = 0; column < m_model.columnCount(); ++column)
        if (!m_rows->header()->isSectionHidden(column))
            shown.append(KeyRowsModel::Column(column));
    return shown;
}

void KeyPane::connectStore()
{
    connect(&m_store, &KeyStore::progressChanged, this, &KeyPane::updateProgress);
    connect(&m_store, &KeyStore::rowsChanged, this, &KeyPane::updateProgress);
    connect(&m_model, &KeyRowsModel::rebuilt, this, [this] {
        updateProgress();
        updateSelection(); // selected rows may be hidden or gone; the selection model emits no signal for that
        goBack();
        if (!m_toReveal.isNull() && reveal(m_toReveal))
            m_toReveal = QByteArray();
        selectToExpire();
    });
    connect(m_delimiters, &QPushButton::clicked, this, &KeyPane::askForDelimiters);
    connect(&m_context, &PageContext::readOnlyChanged, this, &KeyPane::updateSelection);
}

void KeyPane::setScope(const ScanRequest &scope)
{
    m_scope = scope;
    scan();
}

void KeyPane::setMode(KeyRowsModel::Mode mode)
{
    m_model.setMode(mode);
}

void KeyPane::scan()
{
    SessionDoor *door = m_context.door();
    if (!door)
        return;
    ScanRequest request = m_scope;
    request.type = m_type->currentData().toByteArray();
    request.pattern = m_scanPattern;
    m_wasStarted = true;
    m_back = {};
    m_aim = Aim::Names; // the aim belonged to the previous scan
    m_isExpireDue = false;
    m_store.start(*door, request); // this also ends a sort order by numbers
    updateProgress();
}

QList<int> KeyPane::nodeColours() const
{
    QList<int> colours;
    const ClusterViewPtr &view = m_context.view();
    for (const ScanProgress::Node &node : m_store.progress().nodes) {
        const NodeState *state = view ? view->node(node.id) : nullptr;
        colours.append(state && state->shard >= 0 && view->cluster ? view->shards[size_t(state->shard)].colour : -1);
    }
    return colours;
}

void KeyPane::updateProgress()
{
    const ScanProgress &progress = m_store.progress();
    using State = ScanProgress::State;
    if (progress.isOver())
        followAim();
    QStringList parts{summaryOf(progress, m_store.request())};
    const bool runs = progress.state == State::Running, paused = progress.state == State::Paused;
    if (runs && progress.perSecond > 0)
        parts.append(tr("%1 k/s").arg(progress.perSecond / 1000, 0, 'f', progress.perSecond < 100'000 ? 1 : 0));
    else if (paused)
        parts.append(tr("paused"));
    else if (progress.state == State::Stopped)
        parts.append(tr("stopped"));
    else if (progress.state == State::Done)
        parts.append(tr("took %1").arg(duration(progress.elapsedMs)));
    QStringList problems;
    if (progress.error)
        problems.append(describe(*progress.error));
    for (const ScanProgress::Node &node : progress.nodes)
        if (node.error)
            problems.append(node.address + u": "_s + describe(*node.error));
    if (!problems.isEmpty())
        parts.append(problems.first());
    m_progress->setText(m_wasStarted ? parts.join(u" · "_s) : tr("Not scanned yet"));
    m_progress->setToolTip(problems.isEmpty() ? QString() : plainToolTip(problems.join(u'\n')));
    setStyleProperty(m_progress, "tone", problems.isEmpty() ? u"muted"_s : u"warn"_s);
    m_pause->setVisible(runs || paused);
    m_pause->setIcon(themedIcon(paused ? u"play"_s : u"pause"_s, m_context.theme()));
    m_pause->setToolTip(paused ? tr("Resume the scan") : tr("Pause the scan"));
    m_stop->setVisible(runs || paused);
    m_again->setVisible(!runs && !paused);
    m_track->setProgress(progress, nodeColours());
    QStringList words;
    for (const QByteArray &word : m_store.delimiters().words())
        words.append(toDisplay(word));
    const quint64 shown = m_store.snapshot()->shown ? m_store.snapshot()->shown->size() : 0;
    const bool filtered = !m_store.filter().isEmpty();
    m_foot->setText(filtered              ? tr("%1 match").arg(groupedNumber(qint64(shown)))
                        : words.isEmpty() ? tr("No folders")
                                          : tr("Folders by  %1").arg(words.join(u"  "_s)));
    updateStack();
}

void KeyPane::updateStack()
{
    const ScanProgress &progress = m_store.progress();
    const bool empty = m_model.rowCount() == 0;
    if (empty && progress.error)
        m_empty->setContent(u"warning"_s, tr("The keys could not be read"), describe(*progress.error));
    else if (empty && progress.isOver() && !m_store.filter().isEmpty())
        m_empty->setContent(u"search"_s, tr("No key matches"),
                            tr("Press Enter to open the key with exactly this name, even if it was not scanned."));
    else if (empty && progress.isOver())
        m_empty->setContent(u"browser"_s, tr("No keys here"),
                            m_scope.database == 0 ? tr("The database contains no keys, or none of this type.")
                                                  : tr("Database %1 contains no keys.").arg(m_scope.database));
    else if (empty)
        m_empty->setContent(u"clock"_s, tr("Reading the first keys…"), {});
    m_stack->setCurrentWidget(empty ? static_cast<QWidget *>(m_empty) : m_rows);
}

QString KeyPane::progressText() const
{
    return m_progress->text();
}

QString KeyPane::footText() const
{
    return m_foot->text();
}

void KeyPane::applyFilter()
{
    m_filterTimer.stop();
    KeyFilter filter = m_store.filter();
    filter.mode = KeyFilter::Mode(m_searchMode->currentIndex());
    filter.text = m_search->text().toUtf8();
    const bool isOther = filter != m_store.filter();
    if (isOther)
        clearSelection(); // a selected folder would contain other keys than the user saw
    const Result<> applied = m_store.setFilter(filter);
    if (applied && isOther)
        m_rank->takeFilter();
    setStyleProperty(m_search, "wrong", !applied);
    m_search->setToolTip(applied ? QString() : plainToolTip(describe(applied.error())));
    updateProgress();
}

/// Opens the key with exactly the typed name, even if it was not scanned.
void KeyPane::openExact()
{
    if (m_search->text().isEmpty())
        return;
    applyFilter();
    m_memory.searched(m_search->text());
    Q_EMIT keyChosen(m_search->text().toUtf8(), false);
}

void KeyPane::activate(int row, bool inNewTab)
{
    const QModelIndex index = m_model.index(row, 0);
    if (!index.isValid())
        return;
    if (index.data(KeyRowsModel::IsFolderRole).toBool())
        m_model.toggle(row);
    else
        Q_EMIT keyChosen(index.data(KeyRowsModel::NameRole).toByteArray(), inNewTab);
}

bool KeyPane::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Down) {
        m_rows->setFocus();
        if (!m_rows->currentIndex().isValid() && m_model.rowCount() > 0)
            m_rows->setCurrentIndex(m_model.index(0, 0));
        return true;
    }
    if (watched == m_rows && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const int row = m_rows->currentIndex().row();
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Space) {
            activate(row, key->modifiers().testFlag(Qt::ControlModifier));
            return true;
        }
        const QModelIndex current = m_rows->currentIndex();
        if (key->key() == Qt::Key_F2 && current.isValid() && !m_context.isReadOnly()
            && !current.data(KeyRowsModel::IsFolderRole).toBool()) {
            Q_EMIT renameRequested(current.data(KeyRowsModel::NameRole).toByteArray());
            return true;
        }
        if (key->key() == Qt::Key_Delete && !m_context.isReadOnly()) {
            Q_EMIT actRequested(KeyAct::Delete);
            return true;
        }
    }
    if (watched == m_rows->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        const QModelIndex index = m_rows->indexAt(mouse->position().toPoint());
        const bool plain = mouse->button() == Qt::LeftButton && mouse->modifiers() == Qt::NoModifier;
        if (plain && index.isValid() && m_rows->selectedRanges().size() <= 1)
            QMetaObject::invokeMethod(
                this, [this, row = index.row()] { activate(row, false); }, Qt::QueuedConnection);
    }
    return QFrame::eventFilter(watched, event);
}

void KeyPane::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    const int width = this->width();
    m_rows->header()->setSectionHidden(int(KeyRowsModel::Column::Memory), width < 400);
    m_searchMode->setVisible(width >= 360);
    m_search->setPlaceholderText(width >= 440 ? tr("Part of a name, or the exact name of a key") : tr("Find"));
}

} // namespace slotscope
