// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/keys/keyranking.h"
#include "core/session/remote.h"

#include <QFrame>

class QProgressBar;
class QPushButton;
class QToolButton;

namespace slotscope {

class ElidedLabel;
class KeyStore;
class PageContext;

/// Sorts keys by time to live, memory, length or idle time: reads this number of each key with progress, then shows the
/// time of the reading, because the numbers may change. Hidden while keys are sorted by name.
class RankBar final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RankBar)
public:
    RankBar(PageContext &context, KeyStore &store, QWidget *parent = nullptr);
    ~RankBar() override;

    [[nodiscard]] static bool canOrderBy(KeyFact fact);
    /// Reads the numbers of all shown keys, then sorts by them. If the keys are already sorted by this fact, reverses
    /// the order.
    void orderBy(KeyFact fact);
    void showOnlyWithoutTtl();
    void drop(); ///< sorts by name again
    void takeFilter(); ///< the filter of the store has changed: sorts by name again if not all keys were read
    [[nodiscard]] bool isActive() const { return m_isReading || m_numbers; }
    [[nodiscard]] std::optional<KeyFact> fact() const;
    [[nodiscard]] const KeyRank &rank() const { return m_rank; }
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }
    [[nodiscard]] QToolButton *closeButton() const { return m_close; }

Q_SIGNALS:
    void rankedChanged(slotscope::KeySnapshotPtr snapshot); ///< null: sorted by name

private:
    void read(KeyFact fact, const KeyRank &rank);
    void take(const Result<KeyNumbersPtr> &numbers);
    void show(); ///< sorts in another thread and shows the result
    void update();
    [[nodiscard]] QString orderWords() const;

    PageContext &m_context;
    KeyStore &m_store;
    std::shared_ptr<Remote<KeyNumbersReader>> m_reader;
    quint64 m_generation = 0; ///< incremented per reading; results of an older one are dropped
    KeyFact m_fact = KeyFact::Ttl;
    KeyRank m_rank;
    BulkProgress m_progress;
    KeyNumbersPtr m_numbers;
    qint64 m_readAt = 0; ///< ms since 1970
    qint64 m_shown = 0; ///< number of keys
    bool m_isReading = false;
    QString m_error;
    ElidedLabel *m_text;
    QProgressBar *m_bar;
    QPushButton *m_stop, *m_again;
    QToolButton *m_close;
};

} // namespace slotscope
