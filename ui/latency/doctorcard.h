// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/latencyreader.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace slotscope {

class LatencyEventModel;
class RoundTripModel;
class SegmentedControl;
class Theme;

/// Card with what blocked a node most, and with its LATENCY DOCTOR and MEMORY DOCTOR.
class DoctorCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DoctorCard)
public:
    DoctorCard(const Theme &theme, const RoundTripModel &nodes, const LatencyEventModel &events,
               QWidget *parent = nullptr);

    void forget(); ///< drops what was read; the node stays chosen
    void setNode(const QByteArray &nodeId);
    [[nodiscard]] QByteArray node() const { return m_node; }
    void take(const QByteArray &nodeId, const Result<NodeDoctors> &doctors);
    void refresh(); ///< the nodes or the events have changed
    [[nodiscard]] QString words() const; ///< text of the diagnosis shown
    [[nodiscard]] QString findingText() const; ///< empty: nothing blocked the node

Q_SIGNALS:
    void nodeChosen(const QByteArray &nodeId);
    void slowlogRequested(const QByteArray &nodeId);

private:
    void fillNodes();
    void updateFinding();
    void updateWords();

    const RoundTripModel &m_nodes;
    const LatencyEventModel &m_events;
    QByteArray m_node;
    std::optional<Result<NodeDoctors>> m_doctors; ///< empty: no reply yet
    qint64 m_readAt = 0; ///< ms since 1970
    QComboBox *m_choice;
    SegmentedControl *m_which;
    QFrame *m_finding;
    QLabel *m_findingText;
    QPushButton *m_slowlog;
    QLabel *m_wordsTitle;
    QPushButton *m_copy;
    QPlainTextEdit *m_words;
};

} // namespace slotscope
