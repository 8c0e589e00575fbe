// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/browser/rankbar.h"

#include "core/base/errortext.h"
#include "core/base/text.h"
#include "core/base/whendone.h"
#include "core/keys/keystore.h"
#include "ui/shared/elidedlabel.h"
#include "ui/shared/icons.h"
#include "ui/shared/pagecontext.h"
#include "ui/shared/theme.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::Literals::StringLiterals;

namespace slotscope {

RankBar::RankBar(PageContext &context, KeyStore &store, QWidget *parent)
    : QFrame(parent)
    , m_context(context)
    , m_store(store)
    , m_text(new ElidedLabel({}, Qt::ElideRight, this))
    , m_bar(new QProgressBar(this))
    , m_stop(new QPushButton(tr("Stop"), this))
    , m_again(new QPushButton(tr("Read again"), this))
    , m_close(new QToolButton(this))
{
    setObjectName(u"rankBar"_s);
    m_text->setProperty("tone", u"muted"_s);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(4);
    m_bar->setAccessibleName(tr("Progress"));
    m_stop->setProperty("link", true);
    m_again->setProperty("link", true);
    m_close->setIcon(themedIcon(u"close"_s, context.theme()));
    m_close->setIconSize({14, 14});
    m_close->setToolTip(tr("By name again"));
    m_close->setAccessibleName(m_close->toolTip());
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_text, 1);
    row->addWidget(m_stop);
    row->addWidget(m_again);
    row->addWidget(m_close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 2, 8, 6);
    layout->setSpacing(2);
    layout->addLayout(row);
    layout->addWidget(m_bar);
    hide();
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_reader)
            m_reader->tell([](KeyNumbersReader &reader) { reader.stop(); });
    });
    connect(m_again, &QPushButton::clicked, this, [this] { read(m_fact, m_rank); });
    connect(m_close, &QToolButton::clicked, this, &RankBar::drop);
    connect(&store, &KeyStore::started, this, &RankBar::drop); // a new scan means other keys
    connect(&context, &PageContext::doorChanged, this, &RankBar::drop);
}

RankBar::~RankBar() = default;

bool RankBar::canOrderBy(KeyFact fact)
{
    return fact == KeyFact::Ttl || fact == KeyFact::Memory || fact == KeyFact::Length || fact == KeyFact::Idle;
}

std::optional<KeyFact> RankBar::fact() const
{
    return m_numbers ? std::optional(m_fact) : std::nullopt;
}

void RankBar::orderBy(KeyFact fact)
{
    if (m_numbers && !m_isReading && m_fact == fact) {
        m_rank.descending = !m_rank.descending;
        show();
        return;
    }
    // times to live in ascending order, other values in descending order
    read(fact, {.descending = fact != KeyFact::Ttl, .onlyWithoutTtl = false});
}

void RankBar::showOnlyWithoutTtl()
{
    read(KeyFact::Ttl, {.descending = false, .onlyWithoutTtl = true});
}

void RankBar::read(KeyFact fact, const KeyRank &rank)
{
    SessionDoor *door = m_context.door();
    if (!door)
        return;
    const quint64 generation = ++m_generation;
    m_reader = std::make_shared<Remote<KeyNumbersReader>>(*door); // this also ends the previous reading
    m_fact = fact;
    m_rank = rank;
    m_rank.matcher = {}; // the snapshot that is read is already filtered
    m_progress = {};
    m_progress.total = qint64(m_store.snapshot()->shown->size());
    m_error.clear();
    m_isReading = true;
    const auto sink =
        std::make_shared<BatchSink<BulkProgress>>(this, [this, generation](const Batch<BulkProgress> &batch) {
            if (generation != m_generation || batch.items.empty() || !m_isReading)
                return;
            m_progress = batch.items.back();
            update();
        });
    whenDone(m_reader->call<KeyNumbersPtr>(
                 [snapshot = m_store.snapshot(), fact, database = m_store.request().database,
                  sink](KeyNumbersReader &reader) { return reader.read(snapshot, fact, database, sink); }),
             this, [this, generation](const Result<KeyNumbersPtr> &numbers) {
                 if (generation == m_generation)
                     take(numbers);
             });
    setVisible(true);
    update();
}

void RankBar::take(const Result<KeyNumbersPtr> &numbers)
{
    m_isReading = false;
    m_reader.reset();
    if (!numbers) {
        m_numbers.reset();
        m_error = describe(numbers.error());
        update();
        Q_EMIT rankedChanged(nullptr);
        return;
    }
    m_numbers = *numbers;
    m_readAt = QDateTime::currentMSecsSinceEpoch();
    show();
}

void RankBar::show()
{
    const quint64 generation = ++m_generation;
    whenDone(QtConcurrent::run([numbers = m_numbers, rank = m_rank] { return ranked(*numbers, rank); }), this,
             [this, generation](const KeySnapshotPtr &snapshot) {
                 if (generation != m_generation)
                     return;
                 m_shown = qint64(snapshot->shown->size());
                 update();
                 Q_EMIT rankedChanged(snapshot);
             });
    update();
}

void RankBar::drop()
{
    if (!isActive() && !isVisible())
        return;
    ++m_generation;
    m_reader.reset();
    m_numbers.reset();
    m_isReading = false;
    m_error.clear();
    setVisible(false);
    Q_EMIT rankedChanged(nullptr);
}

void RankBar::takeFilter()
{
    if (!isActive())
        return;
    const Result<KeyMatcher> matcher = KeyMatcher::make(m_store.filter());
    if (m_isReading || !m_numbers->snapshot->filter.isEmpty() || !matcher) {
        drop();
        return;
    }
    m_rank.matcher = *matcher;
    show();
}

QString RankBar::text() const
{
    return m_text->text();
}

QString RankBar::orderWords() const
{
    if (m_rank.onlyWithoutTtl)
        return tr("Only keys without a time to live");
    switch (m_fact) {
    case KeyFact::Memory: return m_rank.descending ? tr("By memory, largest first") : tr("By memory, smallest first");
    case KeyFact::Length: return m_rank.descending ? tr("By length, longest first") : tr("By length, shortest first");
    case KeyFact::Idle:
        return m_rank.descending ? tr("By idle time, longest first") : tr("By idle time, shortest first");
    default:
        return m_rank.descending ? tr("By time to live, longest first")
                                 : tr("By time to live, soonest to expire first");
    }
}

void RankBar::update()
{
    m_bar->setVisible(m_isReading);
    m_bar->setRange(0, 1000);
    m_bar->setValue(m_progress.total > 0 ? int(1000 * m_progress.handled() / m_progress.total) : 0);
    m_stop->setVisible(m_isReading);
    m_again->setVisible(!m_isReading);
    QStringList words{orderWords()};
    if (m_isReading) {
        words.append(
            tr("read of %1 of %2 keys").arg(groupedNumber(m_progress.handled()), groupedNumber(m_progress.total)));
    } else if (!m_error.isEmpty()) {
        words.append(m_error);
    } else if (m_numbers) {
        const auto known = std::count_if(m_numbers->numbers.begin(), m_numbers->numbers.end(),
                                         [](qint64 number) { return number != KeyNumbers::unknown; });
        const qint64 unknown = qint64(m_numbers->numbers.size()) - known;
        words.append(tr("%1 keys").arg(groupedNumber(m_shown)));
        words.append(tr("as of %1").arg(QDateTime::fromMSecsSinceEpoch(m_readAt).toString(u"HH:mm:ss"_s)));
        if (unknown > 0)
            words.append(tr("unknown for %1").arg(groupedNumber(unknown)));
        if (!m_numbers->problem.isEmpty())
            words.append(m_numbers->problem);
    }
    m_text->setText(words.join(u" · "_s));
    const bool isWhole = m_error.isEmpty() && (!m_numbers || m_numbers->problem.isEmpty());
    setStyleProperty(m_text, "tone", isWhole ? u"muted"_s : u"warn"_s);
}

} // namespace slotscope
