// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/addplotdialog.h"

#include "core/base/errortext.h"
#include "core/models/infofieldmodel.h"
#include "ui/shared/celldelegate.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/segmentedcontrol.h"
#include "ui/shared/tableview.h"
#include "ui/shared/theme.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

AddPlotDialog::AddPlotDialog(const Theme &theme, const InfoFields &added, const InfoFields &ofRules, QWidget *parent)
    : QDialog(parent)
    , m_model(new InfoFieldModel(this))
    , m_table(new TableView(theme, this))
    , m_search(new QLineEdit(this))
    , m_manner(new SegmentedControl({tr("As it is"), tr("Per second")}, this))
    , m_note(wrappedLabel(tr("Reading INFO and CLUSTER INFO of all nodes…"), "muted", this))
    , m_add(new QPushButton(tr("Add plot"), this))
    , m_added(added)
    , m_ofRules(ofRules)
{
    setObjectName(u"addPlotDialog"_s);
    setWindowTitle(tr("Add a plot of a field of INFO"));
    resize(760, 520);
    m_table->setSource(m_model);
    m_table->sortByColumn(int(InfoFieldModel::Column::Section), Qt::AscendingOrder);
    m_table->setItemDelegate(new CellDelegate(theme, m_table));
    m_table->setAccessibleName(tr("Fields of INFO"));
    m_table->horizontalHeader()->setStretchLastSection(false);
    m_table->horizontalHeader()->setSectionResizeMode(int(InfoFieldModel::Column::Field), QHeaderView::Stretch);
    for (const auto &[column, width] : {std::pair(InfoFieldModel::Column::Section, 130),
                                        {InfoFieldModel::Column::Value, 150},
                                        {InfoFieldModel::Column::Kind, 90},
                                        {InfoFieldModel::Column::Nodes, 76}})
        m_table->setColumnWidth(int(column), width);
    m_search->setPlaceholderText(tr("Search fields…"));
    m_search->setAccessibleName(tr("Search fields"));
    m_search->setClearButtonEnabled(true);
    m_manner->setAccessibleName(tr("Plot the value or its increase"));
    layOut();
    connect(m_search, &QLineEdit::textChanged, m_table, &TableView::setFilterText);
    connect(m_table, &TableView::rowChosen, this, &AddPlotDialog::takeRow);
    connect(m_table, &QTableView::doubleClicked, this, &AddPlotDialog::add);
    connect(m_manner, &SegmentedControl::currentChanged, this, &AddPlotDialog::check);
    connect(m_add, &QPushButton::clicked, this, &AddPlotDialog::add);
    check();
    m_search->setFocus();
}

void AddPlotDialog::layOut()
{
    auto *close = new QPushButton(tr("Close"), this);
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    m_add->setProperty("primary", true);
    m_add->setDefault(true);
    auto *foot = new QHBoxLayout;
    foot->setSpacing(8);
    foot->addWidget(m_manner);
    foot->addStretch();
    foot->addWidget(close);
    foot->addWidget(m_add);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(m_search);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_note);
    layout->addLayout(foot);
}

void AddPlotDialog::take(const Result<InfoFigures> &figures)
{
    if (!figures) {
        m_note->setText(tr("The fields could not be read: %1").arg(describe(figures.error())));
        return;
    }
    m_model->setFigures(*figures);
    check();
}

std::optional<InfoField> AddPlotDialog::current() const
{
    const InfoFigure *figure = m_model->at(m_table->currentSourceRow());
    if (!figure)
        return std::nullopt;
    return InfoField{.name = figure->name, .perSecond = m_manner->current() == 1};
}

/// A counter is useful per second, a gauge as it is.
void AddPlotDialog::takeRow(int row)
{
    if (const InfoFigure *figure = m_model->at(row))
        m_manner->setCurrent(countsUp(figure->name) ? 1 : 0);
    check();
}

void AddPlotDialog::check()
{
    const auto field = current();
    const bool isThere = field && std::find(m_added.begin(), m_added.end(), *field) != m_added.end();
    const InfoFields recorded = joined(m_added, m_ofRules);
    const bool isNew = !field || joined(recorded, {*field}).size() > recorded.size();
    const bool isFull = isNew && recorded.size() >= mostInfoFields;
    m_add->setEnabled(field && !isThere && !isFull);
    if (isFull)
        m_note->setText(tr("At most %1 fields are recorded, for plots and thresholds together. Remove a plot in the "
                           "menu “Plots…”, or a threshold.")
                            .arg(mostInfoFields));
    else if (isThere)
        m_note->setText(tr("%1 has this plot already.").arg(QString::fromLatin1(field->name)));
    else if (m_model->rowCount() > 0)
        m_note->setText(tr("Values are of one node that reports the field. Recording begins when the plot is added."));
}

void AddPlotDialog::add()
{
    if (const auto field = current(); field && m_add->isEnabled()) {
        m_added.push_back(*field);
        Q_EMIT chosen(*field);
        check();
    }
}

QString AddPlotDialog::note() const
{
    return m_note->text();
}

} // namespace slotscope
