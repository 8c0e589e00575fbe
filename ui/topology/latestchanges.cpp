// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/topology/latestchanges.h"

#include "core/base/text.h"
#include "ui/metrics/timelane.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {
namespace {

constexpr int changeRow = 26, changesHead = 40, changesFoot = 8;
constexpr qsizetype lookedAt = 200, mostChanges = 5000;
constexpr int momentRole = Qt::UserRole;
enum ChangeColumn { ChangeTime, ChangeWords, ChangeAge };

QIcon changeMark(const QColor &colour)
{
    QPixmap pixmap(10, 10);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawEllipse(QRectF(1, 1, 8, 8));
    return pixmap;
}

void showChange(QTreeWidgetItem *item, const MetricEvent &event, qint64 now, const Theme &theme, bool seconds)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(event.at);
    const bool isToday = at.date() == QDateTime::fromMSecsSinceEpoch(now).date();
    const QString ofToday = seconds ? u"HH:mm:ss"_s : u"HH:mm"_s;
    const QString ofBefore = seconds ? LatestChanges::tr("d MMM HH:mm:ss") : LatestChanges::tr("d MMM");
    item->setText(ChangeTime, at.toString(isToday ? ofToday : ofBefore));
    item->setForeground(ChangeTime, theme.tokens().muted);
    item->setIcon(ChangeWords, changeMark(eventColour(event, theme)));
    item->setText(ChangeWords, event.words);
    item->setToolTip(ChangeWords, plainToolTip(event.words));
    const qint64 lasted = event.until - event.at;
    const qint64 age = now - event.at;
    item->setText(ChangeAge,
                  event.until > 0 && lasted >= 1000 ? LatestChanges::tr("for %1").arg(roughDuration(lasted))
                      : age < 1000                  ? LatestChanges::tr("just now")
                                                    : LatestChanges::tr("%1 ago").arg(roughDuration(age)));
    item->setForeground(ChangeAge, theme.tokens().muted);
    item->setTextAlignment(ChangeAge, Qt::AlignRight | Qt::AlignVCenter);
    item->setData(0, momentRole, event.at);
}

QTreeWidget *makeChangeList(QWidget *parent, int timeWidth)
{
    auto *list = new QTreeWidget(parent);
    list->setColumnCount(3);
    list->setHeaderHidden(true);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setFrameShape(QFrame::NoFrame);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setAccessibleName(LatestChanges::tr("Latest changes"));
    list->header()->setStretchLastSection(false);
    list->header()->setMinimumSectionSize(40);
    list->header()->setSectionResizeMode(ChangeWords, QHeaderView::Stretch);
    list->header()->resizeSection(ChangeTime, timeWidth);
    list->header()->resizeSection(ChangeAge, 96);
    return list;
}

void leadTo(PageContext &context, const QTreeWidgetItem *item)
{
    if (item)
        context.goTo({.page = u"metrics"_s, .moment = item->data(0, momentRole).toLongLong()});
}

} // namespace

LatestChanges::LatestChanges(PageContext &context, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_list(makeChangeList(this, 68))
    , m_none(plainLabel(tr("No change recorded yet."), "muted", this))
{
    setProperty("card", true);
    auto *title = plainLabel(tr("Latest changes"), nullptr, this);
    title->setFont(Theme::strongFont());
    auto *all = new QPushButton(tr("All…"), this);
    all->setObjectName(u"allChanges"_s);
    all->setProperty("flat", true);
    all->setToolTip(tr("All recorded changes except saves, the newest %1").arg(mostChanges));
    auto *head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 0, 0);
    head->addWidget(title, 1);
    head->addWidget(all);
    m_none->setContentsMargins(4, 0, 0, 0);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, changesFoot);
    layout->setSpacing(2);
    layout->addLayout(head);
    layout->addWidget(m_none, 1, Qt::AlignTop);
    layout->addWidget(m_list, 1);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(all, &QPushButton::clicked, this, &LatestChanges::showAll);
    connect(m_list, &QTreeWidget::itemClicked, this, [this](QTreeWidgetItem *item) { leadTo(m_context, item); });
    connect(m_list, &QTreeWidget::itemActivated, this, [this](QTreeWidgetItem *item) { leadTo(m_context, item); });
    hide();
}

void LatestChanges::look()
{
    m_events = m_context.latestChanges(lookedAt);
    fill();
}

void LatestChanges::setRoom(int pixels)
{
    m_rows = std::clamp((pixels - changesHead - changesFoot) / changeRow, 0, mostRows);
    fill();
}

void LatestChanges::fill()
{
    const QList<MetricEvent> events = condensed(m_events, m_rows);
    const int rows = int(events.size());
    while (m_list->topLevelItemCount() > rows)
        delete m_list->takeTopLevelItem(rows);
    while (m_list->topLevelItemCount() < rows)
        (new QTreeWidgetItem(m_list))->setSizeHint(0, {0, changeRow});
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const QTreeWidgetItem *current = m_list->currentItem();
    const qint64 marked = current ? current->data(0, momentRole).toLongLong() : -1;
    const QString markedWords = current ? current->text(ChangeWords) : QString();
    QTreeWidgetItem *again = nullptr; // newer events were inserted above the selected one, so restore the selection
    for (int i = 0; i < rows; ++i) {
        QTreeWidgetItem *item = m_list->topLevelItem(i);
        showChange(item, events[i], now, m_context.theme(), false);
        if (marked == events[i].at && markedWords == events[i].words)
            again = item;
    }
    if (current && current != again) {
        m_list->setCurrentItem(again);
        if (!again)
            m_list->clearSelection();
    }
    m_none->setVisible(m_events.isEmpty());
    m_list->setVisible(rows > 0);
    setVisible(m_rows > 0);
    setMinimumHeight(changesHead + changesFoot + changeRow * std::max(1, rows));
}

int LatestChanges::wantedHeight() const
{
    return changesHead + changesFoot + changeRow * std::clamp(int(condensed(m_events, mostRows).size()), 1, mostRows);
}

void LatestChanges::showAll()
{
    auto *dialog = new ChangesDialog(m_context, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

ChangesDialog::ChangesDialog(PageContext &context, QWidget *parent)
    : QDialog(parent), m_filter(new QLineEdit(this)), m_list(makeChangeList(this, 130))
{
    setObjectName(u"changesDialog"_s);
    setWindowTitle(tr("What happened to %1").arg(context.title()));
    resize(720, 480);
    m_filter->setPlaceholderText(tr("Filter…"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setClearButtonEnabled(true);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const QList<MetricEvent> events = context.latestChanges(mostChanges);
    for (const MetricEvent &event : events)
        showChange(new QTreeWidgetItem(m_list), event, now, context.theme(), true);
    auto *close = new QPushButton(tr("Close"), this);
    auto *show = new QPushButton(tr("Show in Metrics"), this);
    close->setAutoDefault(false);
    show->setProperty("primary", true);
    show->setDefault(true);
    show->setEnabled(!events.isEmpty());
    auto *foot = new QHBoxLayout;
    foot->addWidget(
        plainLabel(tr("%n event(s), kept while the connection is open", nullptr, int(events.size())), "muted", this),
        1);
    foot->addWidget(close);
    foot->addWidget(show);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 16);
    layout->setSpacing(12);
    layout->addWidget(m_filter);
    layout->addWidget(m_list, 1);
    layout->addLayout(foot);
    if (m_list->topLevelItemCount() > 0)
        m_list->setCurrentItem(m_list->topLevelItem(0));
    const auto lead = [this, &context] {
        if (!m_list->currentItem())
            return;
        const QTreeWidgetItem *item = m_list->currentItem();
        accept();
        leadTo(context, item);
    };
    connect(m_filter, &QLineEdit::textChanged, this, &ChangesDialog::filter);
    connect(m_list, &QTreeWidget::itemActivated, this, lead);
    connect(show, &QPushButton::clicked, this, lead);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    m_list->setFocus();
}

void ChangesDialog::filter(const QString &text)
{
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem *item = m_list->topLevelItem(i);
        item->setHidden(!item->text(ChangeWords).contains(text, Qt::CaseInsensitive));
    }
}

} // namespace slotscope
