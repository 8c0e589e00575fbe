// SPDX-License-Identifier: GPL-3.0-or-later
// The part of MetricsPage about which plots are shown, those that the user added, and what is remembered.
#include "core/base/whendone.h"
#include "ui/metrics/addplotdialog.h"
#include "ui/metrics/historyfeed.h"
#include "ui/metrics/metricspage.h"
#include "ui/metrics/thresholdfeed.h"
#include "ui/shared/recordkeeper.h"
#include "ui/shared/segmentedcontrol.h"

#include <QMenu>
#include <QSettings>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

void MetricsPage::setShownPlots(const QStringList &ids)
{
    QStringList known;
    for (const PlotSpec &spec : m_board->specs())
        if (ids.contains(spec.id))
            known.append(spec.id);
    if (known.isEmpty())
        return;
    m_board->setShown(known);
    ask();
}

void MetricsPage::setFields(const InfoFields &fields)
{
    m_fields = fields;
    m_board->setFields(m_fields);
    sendFields();
    ask();
}

/// The record also needs the fields that thresholds check.
void MetricsPage::sendFields()
{
    if (!m_book)
        return;
    InfoFields all = joined(m_fields, fieldsIn(m_thresholds->rules()));
    if (all.size() > mostInfoFields) // the plot or rule of the others says that they are not recorded
        all.resize(mostInfoFields);
    if (all == m_book->fields())
        return;
    m_book->setFields(all);
    if (m_recorder)
        m_recorder->tell([](MetricsRecorder &recorder) { recorder.takeFields(); });
}

void MetricsPage::addPlot()
{
    auto *dialog = new AddPlotDialog(context().theme(), m_fields, fieldsIn(m_thresholds->rules()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &AddPlotDialog::chosen, this, [this](const InfoField &field) {
        InfoFields fields = m_fields;
        fields.push_back(field);
        QStringList shown = m_board->shown();
        shown.append(plotSpecOf(field).id);
        setFields(fields);
        setShownPlots(shown);
    });
    dialog->open();
    if (m_recorder)
        whenDone(m_recorder->call<InfoFigures>([](MetricsRecorder &recorder) { return recorder.figures(); }), dialog,
                 [dialog](const Result<InfoFigures> &figures) { dialog->take(figures); });
    else
        dialog->take(failure(Error::Code::NoRoute));
}

void MetricsPage::fillPlotsMenu(QMenu *menu)
{
    menu->clear();
    for (const PlotSpec &spec : m_board->specs()) {
        QAction *action = menu->addAction(spec.note.isEmpty() ? spec.title : tr("%1 (%2)").arg(spec.title, spec.note));
        action->setCheckable(true);
        action->setChecked(m_board->shown().contains(spec.id));
        connect(action, &QAction::toggled, this, [this, id = spec.id](bool on) {
            QStringList shown = m_board->shown();
            if (on)
                shown.append(id);
            else
                shown.removeAll(id);
            setShownPlots(shown);
        });
    }
    menu->addSeparator();
    menu->addAction(tr("Add plot…"), this, &MetricsPage::addPlot);
    if (m_fields.empty())
        return;
    QMenu *remove = menu->addMenu(tr("Remove plot"));
    for (const InfoField &field : m_fields)
        remove->addAction(QString::fromLatin1(field.text()), this, [this, field] {
            InfoFields fields = m_fields;
            std::erase(fields, field);
            setFields(fields);
        });
}

void MetricsPage::saveState(QSettings &settings) const
{
    settings.setValue(u"metrics/plots"_s, m_board->shown());
    QStringList fields;
    for (const InfoField &field : m_fields)
        fields.append(QString::fromLatin1(field.text()));
    settings.setValue(u"metrics/fields"_s, fields);
    settings.setValue(u"metrics/span"_s, m_spans->current());
    settings.setValue(u"metrics/group"_s, int(m_group));
    m_history->save(settings);
    m_thresholds->save(settings);
    m_keeper->save(settings);
}

void MetricsPage::restoreState(const QSettings &settings)
{
    QList<QByteArray> fields;
    for (const QString &text : settings.value(u"metrics/fields"_s).toStringList())
        fields.append(text.toUtf8());
    setFields(readInfoFields(fields));
    m_history->restore(settings);
    m_thresholds->restore(settings);
    m_keeper->restore(settings);
    m_spans->setCurrent(settings.value(u"metrics/span"_s, m_spans->current()).toInt());
    m_groups->setCurrent(std::clamp(settings.value(u"metrics/group"_s, int(m_group)).toInt(), 0, 2));
    const QStringList plots = settings.value(u"metrics/plots"_s).toStringList();
    if (!plots.isEmpty())
        setShownPlots(plots);
}

} // namespace slotscope
