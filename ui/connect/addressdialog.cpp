// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connect/addressdialog.h"

#include "core/base/errortext.h"
#include "core/base/whendone.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

AddressDialog::AddressDialog(const Theme &theme, SessionDoor &door, QWidget *parent)
    : QDialog(parent), m_door(&door), m_tester(door), m_table(new TableView(theme, this))
{
    setObjectName(u"addressDialog"_s);
    setWindowTitle(tr("Addresses of %1").arg(door.target().title()));
    resize(940, 480);
    m_through = plainLabel({}, "muted", this);
    m_through->setWordWrap(true);
    m_table->setObjectName(u"addresses"_s);
    m_table->setAccessibleName(tr("Addresses of the nodes"));
    m_table->setSource(&m_model);
    m_table->horizontalHeader()->setStretchLastSection(true);
    for (const auto &[column, width] : {std::pair(0, 100), {1, 190}, {2, 160}, {3, 150}})
        m_table->setColumnWidth(column, width);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 16);
    layout->setSpacing(10);
    layout->addWidget(
        wrappedLabel(tr("Nodes announce addresses that may not be reachable from here: behind NAT, in containers, "
                        "through a tunnel. Map such a node to the address at which it is reached from here."),
                     "muted", this));
    layout->addWidget(m_through);
    layout->addWidget(m_table, 1);
    layout->addWidget(makeEditor());
    layout->addWidget(makeFooter());
    connect(m_table, &TableView::rowChosen, this, &AddressDialog::showRow);
    connect(&door, &SessionDoor::viewChanged, this, &AddressDialog::takeView);
    connect(&door, &SessionDoor::stateChanged, this, &AddressDialog::takeView);
    connect(&door, &QObject::destroyed, this, &QDialog::reject);
    takeView();
    showRow(-1);
}

AddressDialog::~AddressDialog()
{
    if (m_door)
        m_door->disconnect(this);
}

QWidget *AddressDialog::makeEditor()
{
    auto *editor = new QWidget(this);
    m_key = new QComboBox(editor);
    m_key->setObjectName(u"mapKey"_s);
    m_key->setAccessibleName(tr("Which node"));
    m_key->setMinimumWidth(220);
    m_place = new QLineEdit(editor);
    m_place->setObjectName(u"mapPlace"_s);
    m_place->setFont(Theme::monoFont());
    m_place->setPlaceholderText(tr("HOST:PORT as reachable from here"));
    m_place->setAccessibleName(tr("Reached at"));
    m_try = new QPushButton(tr("&Try"), editor);
    m_try->setObjectName(u"tryPlace"_s);
    m_try->setToolTip(
        tr("Connects to the address and shows which node answers; sends the password only after the reply to a PING"));
    m_apply = new QPushButton(tr("&Map"), editor);
    m_apply->setObjectName(u"applyPlace"_s);
    m_apply->setProperty("primary", true);
    m_apply->setDefault(true);
    m_remove = new QPushButton(tr("&Remove from the map"), editor);
    m_remove->setObjectName(u"removePlace"_s);
    m_result = plainLabel({}, "muted", editor);
    m_result->setObjectName(u"placeResult"_s);
    m_result->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(plainLabel(tr("Reach"), "muted", editor));
    row->addWidget(m_key);
    row->addWidget(plainLabel(tr("at"), "muted", editor));
    row->addWidget(m_place, 1);
    row->addWidget(m_try);
    row->addWidget(m_apply);
    row->addWidget(m_remove);
    auto *layout = new QVBoxLayout(editor);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(row);
    layout->addWidget(m_result);
    connect(m_place, &QLineEdit::textChanged, this, &AddressDialog::showTyped);
    connect(m_place, &QLineEdit::returnPressed, m_apply, &QPushButton::click);
    connect(m_try, &QPushButton::clicked, this, &AddressDialog::testTyped);
    connect(m_apply, &QPushButton::clicked, this, &AddressDialog::apply);
    connect(m_remove, &QPushButton::clicked, this, &AddressDialog::remove);
    return editor;
}

QWidget *AddressDialog::makeFooter()
{
    auto *footer = new QWidget(this);
    auto *all = new QPushButton(tr("Test &all"), footer);
    all->setObjectName(u"testAll"_s);
    all->setToolTip(tr("Connects to each address and shows which node answers there"));
    auto *close = new QPushButton(tr("Close"), footer);
    for (QPushButton *button : {all, close, m_try, m_apply, m_remove})
        button->setAutoDefault(false);
    auto *layout = new QHBoxLayout(footer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(all);
    layout->addStretch();
    layout->addWidget(close);
    connect(all, &QPushButton::clicked, this, &AddressDialog::testAll);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    return footer;
}

void AddressDialog::takeView()
{
    if (!m_door)
        return;
    const ConnectionTarget &target = m_door->target();
    QString words = target.way.isDirect() ? QString() : tr("All connections go through %1.").arg(target.way.title());
    if (!m_door->view())
        words = m_door->error().detail.isEmpty() ? tr("Connecting…") : describe(m_door->error());
    m_through->setText(words);
    m_through->setVisible(!words.isEmpty());
    if (m_door->view())
        m_model.setPlaces(placesOf(*m_door->view(), target));
    const int row = m_table->currentSourceRow();
    m_remove->setEnabled(row >= 0 && !m_model.places().at(row).mapKey.isEmpty());
}

void AddressDialog::choose(const QByteArray &nodeId)
{
    if (const int row = m_model.rowOf(nodeId); row >= 0) {
        m_table->selectSourceRow(row);
        showRow(row);
        m_place->setFocus();
    }
}

void AddressDialog::showRow(int row)
{
    const bool any = row >= 0 && row < m_model.places().size();
    const NodePlace place = any ? m_model.places().at(row) : NodePlace();
    if (any && place.id == m_shown && m_key->findText(place.keyToMap()) >= 0)
        return; // do not replace what the user is typing
    m_shown = place.id;
    ++m_run;
    m_key->clear();
    for (const QString &key : {place.mapKey, place.announced, place.hostname, QString::fromUtf8(place.id)})
        if (!key.isEmpty() && m_key->findText(key) < 0)
            m_key->addItem(key);
    m_place->setText(place.mapKey.isEmpty() ? QString() : place.used);
    m_result->setText(any ? QString() : tr("Choose a node above."));
    for (QWidget *widget : QList<QWidget *>{m_key, m_place})
        widget->setEnabled(any);
    m_remove->setEnabled(!place.mapKey.isEmpty());
    showTyped();
}

QString AddressDialog::chosenKey() const
{
    return m_key->currentText();
}

/// Enables testing and using the typed text if it is an address.
void AddressDialog::showTyped()
{
    ++m_run;
    const QString text = m_place->text().trimmed();
    const auto endpoint = Endpoint::parse(text);
    const bool isUsable = m_place->isEnabled() && !text.isEmpty() && endpoint;
    m_try->setEnabled(isUsable);
    m_apply->setEnabled(isUsable);
    if (!text.isEmpty())
        m_result->setText(endpoint ? QString() : endpoint.error().detail);
}

void AddressDialog::test(int row)
{
    const NodePlace place = m_model.places().at(row);
    const auto endpoint = Endpoint::parse(place.used);
    if (!endpoint || place.id.isEmpty())
        return;
    m_model.setTesting(row);
    const bool isGuess = place.source == AddressSource::SeedHost || place.source == AddressSource::Other;
    whenDone(m_tester.call<PlaceTrial>([endpoint = *endpoint, id = place.id, isGuess](PlaceTester &tester) {
        return tester.test(endpoint, id, isGuess);
    }),
             this, [this, place](const Result<PlaceTrial> &trial) {
                 PlaceTrial failed;
                 failed.address = place.used;
                 if (!trial)
                     failed.error = trial.error();
                 m_model.setTrial(place.id, trial ? *trial : failed);
             });
}

void AddressDialog::testAll()
{
    for (int row = 0; row < m_model.rowCount(); ++row)
        test(row);
}

/// An address that the user has not accepted yet is only a guess: no password is sent before it replies like Redis.
void AddressDialog::testTyped()
{
    const auto endpoint = Endpoint::parse(m_place->text().trimmed());
    if (!endpoint)
        return;
    const quint64 run = ++m_run;
    m_result->setText(tr("testing…"));
    setStyleProperty(m_result, "tone", u"muted"_s);
    whenDone(m_tester.call<PlaceTrial>(
                 [endpoint = *endpoint, id = m_shown](PlaceTester &tester) { return tester.test(endpoint, id, true); }),
             this, [this, run](const Result<PlaceTrial> &trial) {
                 if (run != m_run)
                     return;
                 m_result->setText(trial ? trialText(*trial) : describe(trial.error()));
                 setStyleProperty(m_result, "tone", trial && trial->isGood() ? u"muted"_s : u"error"_s);
             });
}

void AddressDialog::apply()
{
    const auto endpoint = Endpoint::parse(m_place->text().trimmed());
    if (!endpoint || !m_door || chosenKey().isEmpty())
        return;
    QHash<QString, Endpoint> map = m_door->target().addressMap;
    const int row = m_table->currentSourceRow();
    if (row >= 0 && !m_model.places().at(row).mapKey.isEmpty())
        map.remove(m_model.places().at(row).mapKey); // a node has at most one entry
    map.insert(chosenKey(), *endpoint);
    setMap(map);
}

void AddressDialog::remove()
{
    const int row = m_table->currentSourceRow();
    if (row < 0 || !m_door)
        return;
    QHash<QString, Endpoint> map = m_door->target().addressMap;
    map.remove(m_model.places().at(row).mapKey);
    m_place->clear();
    setMap(map);
}

void AddressDialog::setMap(const QHash<QString, Endpoint> &map)
{
    m_door->setAddressMap(map);
    Q_EMIT mapChanged(map);
    takeView();
}

} // namespace slotscope
