// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QPushButton;

namespace slotscope {

class TableView;
class Theme;
class ThresholdModel;

/// Thresholds of each node's log, and how full the log is.
class ThresholdCard final : public QFrame
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ThresholdCard)
public:
    ThresholdCard(const Theme &theme, ThresholdModel &model, QWidget *parent = nullptr);

    void setReadOnly(bool readOnly);
    [[nodiscard]] QPushButton *editButton() const { return m_edit; }
    [[nodiscard]] TableView *table() const { return m_table; }

Q_SIGNALS:
    void editRequested(const QByteArray &nodeId); ///< empty: all nodes
    void resetRequested(const QByteArray &nodeId);
    void nodeRequested(const QByteArray &nodeId);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fitHeight();

    ThresholdModel &m_model;
    QPushButton *m_edit;
    TableView *m_table;
    bool m_readOnly = false;
};

} // namespace slotscope
