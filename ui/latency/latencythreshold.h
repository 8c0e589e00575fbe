// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/consentedcall.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace slotscope {

class LatencyFeed;
class LatencyEventModel;
class RoundTripModel;

/// Sets the threshold above which nodes record latency events (latency-monitor-threshold), with a result for each node.
class LatencyThreshold final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LatencyThreshold)
public:
    LatencyThreshold(PageContext &context, LatencyFeed &feed, const RoundTripModel &nodes,
                     const LatencyEventModel &events, QWidget *parent = nullptr);

    [[nodiscard]] QSpinBox *field() const { return m_field; }
    [[nodiscard]] QComboBox *scope() const { return m_scope; }
    [[nodiscard]] QPushButton *setButton() const { return m_set; }
    [[nodiscard]] QString outcome() const;

Q_SIGNALS:
    void changed();

private:
    void takeScope();
    void takeValue();
    void send();

    PageContext &m_context;
    LatencyFeed &m_feed;
    const LatencyEventModel &m_events;
    QComboBox *m_scope;
    QSpinBox *m_field;
    QLabel *m_meaning, *m_outcome;
    QPushButton *m_set;
    QByteArrayList m_ids;
};

} // namespace slotscope
