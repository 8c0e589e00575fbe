// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operations/chooseconfig.h"

#include "core/base/text.h"
#include "ui/shared/nodechoice.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/theme.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QCompleter>
#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

namespace {

/// Text of the values that an undo sets: "200", or "the previous value of each node: 200, 300".
QString valueWords(const QHash<QByteArray, QByteArray> &values)
{
    QStringList different;
    for (const QByteArray &value : values)
        different.append(toDisplay(value));
    different.removeDuplicates();
    different.sort();
    return different.size() == 1 ? different.front()
                                 : ChooseConfig::tr("the previous value of each node: %1").arg(different.join(u", "_s));
}

} // namespace

ChooseConfig::ChooseConfig(const Theme &theme, const OperationDraft &draft, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_name(new QComboBox(this))
    , m_value(new QLineEdit(this))
    , m_persist(new QCheckBox(tr("Write it to the nodes' configuration files too (CONFIG REWRITE)"), this))
    , m_nodes(new NodeChecks([](const ClusterView &, const NodeState &) { return true; }, this))
    , m_values(draft.values)
    , m_undoes(draft.run)
{
    m_name->setObjectName(u"setting"_s);
    m_value->setObjectName(u"value"_s);
    m_name->setEditable(true);
    m_name->setInsertPolicy(QComboBox::NoInsert);
    // with inline completion, Enter would accept the completion whenever the whole name is selected
    m_name->completer()->setCompletionMode(QCompleter::PopupCompletion);
    m_name->completer()->popup()->setObjectName(u"completions"_s);
    m_name->addItems({u"cluster-node-timeout"_s, u"cluster-allow-replica-migration"_s, u"cluster-migration-barrier"_s,
                      u"cluster-replica-validity-factor"_s, u"cluster-require-full-coverage"_s,
                      u"cluster-allow-reads-when-down"_s, u"maxmemory"_s, u"maxmemory-policy"_s, u"appendonly"_s,
                      u"repl-backlog-size"_s});
    m_name->setFont(Theme::monoFont());
    m_name->setEditText(draft.host);
    m_value->setFont(Theme::monoFont());
    m_name->setMaximumWidth(400);
    m_value->setMaximumWidth(400);
    addRow(tr("Setting"), m_name);
    m_now = addRow(tr("New value"), m_value, u" "_s);
    addRow(tr("Keep"), m_persist);
    addRow(tr("Nodes"), m_nodes, tr("If none is chosen: all nodes."));
    addSpring();
    if (!m_values.isEmpty()) {
        m_name->setEnabled(false);
        m_value->setEnabled(false);
        m_value->setPlaceholderText(valueWords(m_values));
        m_nodes->setEnabled(false);
        m_persist->setChecked(draft.persist);
    }
    if (const auto *given = draft.ready ? std::get_if<ConfigRequest>(&*draft.ready) : nullptr) {
        m_name->setEditText(QString::fromUtf8(given->name));
        m_value->setText(QString::fromUtf8(given->value));
        m_persist->setChecked(given->persist);
        m_nodes->setNodes(given->nodeIds);
        m_takesEmpty = given->value.isEmpty();
    }
    connect(m_name, &QComboBox::editTextChanged, this, [this] {
        m_now->clear();
        m_takesEmpty = false; // the choice belonged to another setting
        Q_EMIT changed();
    });
    connect(m_value, &QLineEdit::textChanged, this, &ChoosePage::changed);
    connect(m_persist, &QCheckBox::toggled, this, &ChoosePage::changed);
    connect(m_nodes, &NodeChecks::nodesChanged, this, &ChoosePage::changed);
}

void ChooseConfig::setView(const ClusterViewPtr &view)
{
    ChoosePage::setView(view);
    m_nodes->setView(view);
}

void ChooseConfig::setPlanned(const PlannedOperation &planned)
{
    QMap<QString, QStringList> nodesOf;
    const auto before = planned.plan.results.setting.value_or(SettingChange{}).before;
    for (auto it = before.cbegin(); it != before.cend(); ++it) {
        const NodeState *node = view() ? view()->node(it.key()) : nullptr;
        nodesOf[QString::fromUtf8(*it)].append(node ? node->name : QString::fromLatin1(it.key().left(8)));
    }
    QStringList parts;
    for (auto it = nodesOf.cbegin(); it != nodesOf.cend(); ++it) {
        const QString value = it.key().isEmpty() ? tr("(empty)") : it.key();
        parts.append(nodesOf.size() == 1  ? value
                         : it->size() > 3 ? tr("%1 on %2 nodes").arg(value).arg(it->size())
                                          : tr("%1 on %2").arg(value, it->join(u", "_s)));
    }
    m_now->setText(parts.isEmpty() ? tr("No node has this setting or shows it.")
                                   : tr("Now: %1").arg(parts.join(u" · "_s)));
    m_now->show();
}

OperationRequest ChooseConfig::request() const
{
    ConfigRequest request;
    request.name = m_name->currentText().trimmed().toUtf8();
    request.value = m_value->text().toUtf8();
    request.persist = m_persist->isChecked();
    request.nodeIds = m_nodes->nodes();
    request.values = m_values;
    request.undoes = m_undoes;
    return request;
}

bool ChooseConfig::canPlan() const
{
    return !m_name->currentText().trimmed().isEmpty();
}

QString ChooseConfig::missing() const
{
    if (!canPlan())
        return tr("Enter the name of the setting.");
    return m_value->text().isEmpty() && m_values.isEmpty() && !m_takesEmpty ? tr("Enter the new value.") : QString();
}

ChooseBackup::ChooseBackup(const Theme &theme, const OperationDraft &, QWidget *parent)
    : ChoosePage(theme, parent), m_folder(new QLineEdit(this))
{
    m_folder->setObjectName(u"folder"_s);
    m_folder->setText(QDir::toNativeSeparators(QDir::homePath() + u"/slotscope-backup-"_s
                                               + QDateTime::currentDateTime().toString(u"yyyyMMdd-HHmmss"_s)));
    auto *box = new QWidget(this);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *browse = new QPushButton(tr("Choose…"), box);
    browse->setAutoDefault(false);
    layout->addWidget(m_folder, 1);
    layout->addWidget(browse);
    m_folder->setAccessibleName(tr("Folder"));
    addRow(tr("Folder"), box,
           tr("Created if it does not exist. One RDB file per primary, and manifest.json with checksums and the "
              "topology. Files of an earlier backup are never overwritten."));
    addSpring();
    connect(m_folder, &QLineEdit::textChanged, this, &ChoosePage::changed);
    connect(browse, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Folder of the backup"), m_folder->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
        dialog->open();
    });
}

OperationRequest ChooseBackup::request() const
{
    return BackupRequest{.folder = QDir::fromNativeSeparators(m_folder->text().trimmed())};
}

QString ChooseBackup::missing() const
{
    return m_folder->text().trimmed().isEmpty() ? tr("Choose a folder.") : QString();
}

ChooseSave::ChooseSave(const Theme &theme, const OperationDraft &, QWidget *parent)
    : ChoosePage(theme, parent)
    , m_what(new SegmentedControl({tr("RDB (BGSAVE)"), tr("AOF (BGREWRITEAOF)")}, this))
    , m_primaries(new QCheckBox(tr("Primaries only"), this))
{
    addRow(tr("What"), m_what,
           tr("A child process writes the file; it may need as much extra memory as is changed in the meantime."));
    addRow(tr("Nodes"), m_primaries);
    addSpring();
    connect(m_what, &SegmentedControl::currentChanged, this, &ChoosePage::changed);
    connect(m_primaries, &QCheckBox::toggled, this, &ChoosePage::changed);
}

OperationRequest ChooseSave::request() const
{
    return SaveRequest{.rewriteAof = m_what->current() == 1, .primariesOnly = m_primaries->isChecked()};
}

} // namespace slotscope
