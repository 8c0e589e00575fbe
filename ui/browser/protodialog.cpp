// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/protodialog.h"

#include "core/base/text.h"
#include "ui/browser/formatbar.h"
#include "ui/browser/protofiles.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/theme.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStringListModel>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int protoWidth = 620, protoHeight = 620;
constexpr qsizetype mostProblems = 500;

} // namespace

ProtoDialog::ProtoDialog(ProtoFiles &files, const QString &type, QWidget *parent)
    : QDialog(parent)
    , m_files(files)
    , m_type(type)
    , m_folders(new QListWidget(this))
    , m_problems(new QListWidget(this))
    , m_add(new QPushButton(tr("Add a folder…"), this))
    , m_remove(new QPushButton(tr("Remove"), this))
    , m_again(new QPushButton(tr("Read again"), this))
    , m_act(new QPushButton(tr("Show as this type"), this))
    , m_search(new QLineEdit(this))
    , m_names(new QStringListModel(this))
    , m_shown(new QSortFilterProxyModel(this))
    , m_types(new QListView(this))
    , m_words(wrappedLabel({}, "muted", this))
{
    setObjectName(u"protoDialog"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Protocol Buffers with .proto files"));
    m_shown->setSourceModel(m_names);
    m_shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_types->setModel(m_shown);
    m_types->setUniformItemSizes(true);
    for (QWidget *list : std::initializer_list<QWidget *>{m_folders, m_types, m_problems})
        list->setProperty("boxed", true);
    m_types->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_act->setProperty("primary", true);
    m_act->setDefault(true);
    m_remove->setObjectName(u"removeProtoFolder"_s);
    m_remove->setEnabled(false);
    m_search->installEventFilter(this);
    layOut();
    connect(m_add, &QPushButton::clicked, this, &ProtoDialog::chooseFolder);
    connect(m_remove, &QPushButton::clicked, this, &ProtoDialog::removeFolder);
    connect(m_again, &QPushButton::clicked, &m_files, &ProtoFiles::readAgain);
    connect(&m_files, &ProtoFiles::changed, this, &ProtoDialog::takeFiles);
    connect(m_search, &QLineEdit::textChanged, this, &ProtoDialog::narrow);
    connect(m_types->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { m_act->setEnabled(!chosenType().isEmpty()); });
    connect(m_folders, &QListWidget::itemSelectionChanged, this,
            [this] { m_remove->setEnabled(!m_folders->selectedItems().isEmpty()); });
    connect(m_types, &QListView::doubleClicked, this, &ProtoDialog::choose);
    connect(m_act, &QPushButton::clicked, this, &ProtoDialog::choose);
    if (m_files.folders().isEmpty())
        takeFiles();
    else
        m_files.readAgain(); // the files may have changed
    m_search->setFocus();
}

void ProtoDialog::ask(ProtoFiles &files, FormatBar *bar)
{
    const FormatChain &chain = bar->chain();
    const QString type = ProtoFiles::isTyped(chain) ? chain.steps.last().option : QString();
    auto *dialog = new ProtoDialog(files, type, bar->window());
    connect(dialog, &ProtoDialog::typeChosen, bar, [bar](const QString &chosen) {
        bar->chooseForm({FormatId::Protobuf, chosen});
    });
    dialog->open();
}

void ProtoDialog::layOut()
{
    m_folders->setAccessibleName(tr("Folders of .proto files"));
    m_folders->setFont(Theme::monoFont());
    m_folders->setFixedHeight(84);
    m_search->setPlaceholderText(tr("Search message types"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_types->setAccessibleName(tr("Message types"));
    m_types->setFont(Theme::monoFont());
    m_problems->setAccessibleName(tr("Problems in the files"));
    m_problems->setFont(Theme::monoFont());
    m_problems->setFixedHeight(96);
    m_problems->setWordWrap(true);
    auto *cancel = new QPushButton(tr("Cancel"), this);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    for (QPushButton *button : {m_add, m_remove, m_again, cancel})
        button->setAutoDefault(false);
    auto *folderButtons = new QHBoxLayout;
    for (QPushButton *button : {m_add, m_remove, m_again})
        folderButtons->addWidget(button);
    folderButtons->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_act);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(10);
    layout->addWidget(
        wrappedLabel(tr("Folders of .proto files. Imports count from each of them; the well-known types of "
                        "Google are always there. The folders are kept for this connection."),
                     "muted", this));
    layout->addWidget(m_folders);
    layout->addLayout(folderButtons);
    layout->addWidget(m_search);
    layout->addWidget(m_types, 1);
    layout->addWidget(m_words);
    layout->addWidget(m_problems);
    layout->addLayout(buttons);
    resize(protoWidth, protoHeight);
}

void ProtoDialog::addFolder(const QString &path)
{
    QStringList folders = m_files.folders();
    const QString clean = QDir::cleanPath(path);
    if (folders.contains(clean))
        return m_files.readAgain();
    folders += clean;
    m_files.setFolders(folders);
}

void ProtoDialog::chooseFolder()
{
    const QStringList known = m_files.folders();
    auto *dialog = new QFileDialog(this, tr("Folder of .proto files"), known.isEmpty() ? QString() : known.last());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, &ProtoDialog::addFolder);
    dialog->open();
}

void ProtoDialog::removeFolder()
{
    QStringList folders = m_files.folders();
    const QList<QListWidgetItem *> selected = m_folders->selectedItems();
    for (const QListWidgetItem *item : selected)
        folders.removeAll(item->text());
    m_files.setFolders(folders);
}

void ProtoDialog::takeFiles()
{
    if (!chosenType().isEmpty())
        m_type = chosenType();
    m_folders->clear();
    m_folders->addItems(m_files.folders());
    m_again->setEnabled(!m_files.folders().isEmpty() && !m_files.isReading());
    if (m_files.isReading()) {
        m_words->setText(tr("Reading the files…"));
        return;
    }
    const ProtoSchemaPtr &schema = m_files.schema();
    const QStringList types = schema ? schema->types() : QStringList();
    m_names->setStringList(types);
    m_problems->clear();
    if (schema)
        for (const ProtoProblem &problem : schema->problems.first(std::min(mostProblems, schema->problems.size())))
            m_problems->addItem(problem.toString());
    m_problems->setVisible(m_problems->count() > 0);
    if (!schema)
        m_words->setText(tr("Add the folder of your .proto files to see the message types in it."));
    else if (schema->problems.isEmpty())
        m_words->setText(tr("%n file(s)", nullptr, schema->files) + u" · "_s
                         + tr("%n message type(s)", nullptr, int(types.size())));
    else
        m_words->setText(
            tr("%n file(s)", nullptr, schema->files) + u" · "_s + tr("%n message type(s)", nullptr, int(types.size()))
            + u" · "_s
            + tr("%n problem(s); what is good in the files can be used", nullptr, int(schema->problems.size())));
    narrow();
}

/// A type of whose name the text is a part; the first one is selected, so that Enter takes it.
void ProtoDialog::narrow()
{
    m_shown->setFilterFixedString(m_search->text().trimmed());
    selectType(chosenType().isEmpty() ? m_type : chosenType());
    m_act->setEnabled(!chosenType().isEmpty());
}

void ProtoDialog::selectType(const QString &type)
{
    const QModelIndexList found =
        m_shown->match(m_shown->index(0, 0), Qt::DisplayRole, type, 1, Qt::MatchExactly | Qt::MatchCaseSensitive);
    const bool onlySearch = found.isEmpty() && !m_search->text().trimmed().isEmpty();
    const QModelIndex index = !found.isEmpty() ? found.first() : onlySearch ? m_shown->index(0, 0) : QModelIndex();
    m_types->setCurrentIndex(index);
    m_types->scrollTo(index);
}

QString ProtoDialog::chosenType() const
{
    const QModelIndexList selected = m_types->selectionModel()->selectedIndexes();
    return selected.isEmpty() ? QString() : selected.first().data().toString();
}

QString ProtoDialog::words() const
{
    return m_words->text();
}

void ProtoDialog::choose()
{
    const QString type = chosenType();
    if (type.isEmpty())
        return;
    accept();
    Q_EMIT typeChosen(type);
}

/// Up and Down in the search field move in the list.
bool ProtoDialog::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        const int row = m_types->currentIndex().row() + (key == Qt::Key_Down ? 1 : -1);
        if (key == Qt::Key_Up || key == Qt::Key_Down) {
            if (row >= 0 && row < m_shown->rowCount())
                m_types->setCurrentIndex(m_shown->index(row, 0));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace slotscope
