// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/latency/latencyreader.h"
#include "core/models/commandlatencymodel.h"

#include <QFrame>

class QComboBox;
class QPushButton;

namespace slotscope {

class ElidedLabel;
class RoundTripModel;
class TableView;
class Theme;

/// Histogram of the calls of one command by execution time: a bar for each power of two.
class CommandBars final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CommandBars)
public:
    explicit CommandBars(const Theme &theme, QWidget *parent = nullptr);
    void setLatency(const QString &name, const CommandLatency &latency);
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 120}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_name;
    CommandLatency m_latency;
};

/// Execution times of the commands, of all nodes or of one; since the servers' start, or since a mark.
class LatencyCommands final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LatencyCommands)
public:
    LatencyCommands(const Theme &theme, const RoundTripModel &nodes, QWidget *parent = nullptr);

    void take(const NodeCommands &commands);
    void clear();
    void refreshNodes();
    void setNode(const QByteArray &nodeId); ///< empty: all nodes
    void mark(); ///< from now on counts only commands that run after this moment
    void unmark();
    [[nodiscard]] bool isMarked() const { return m_markedAt > 0; }
    [[nodiscard]] CommandLatencyModel &model() { return m_model; }
    [[nodiscard]] TableView *table() const { return m_table; }
    [[nodiscard]] QStringList problems() const;
    [[nodiscard]] QByteArray missing() const; ///< the ACL permission that a node requires; empty: none

Q_SIGNALS:
    void readRequested(); ///< a mark was set, so new values are needed now

private:
    void updateFigures();
    void showChosen();

    const RoundTripModel &m_nodes;
    CommandLatencyModel m_model;
    QHash<QByteArray, NodeCommands> m_heard, m_marked;
    qint64 m_markedAt = 0; ///< ms since 1970
    QComboBox *m_node;
    ElidedLabel *m_note;
    QPushButton *m_mark, *m_unmark;
    TableView *m_table;
    CommandBars *m_bars;
};

} // namespace slotscope
