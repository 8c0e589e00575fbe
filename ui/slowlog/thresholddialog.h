// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/slowlog/slowlogchanges.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

class ThresholdModel;

/// Sets the threshold above which nodes log a command, and how many entries they keep; on one node or on all, with a
/// result for each.
class ThresholdDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ThresholdDialog)
public:
    /// An empty `nodeId` means all nodes.
    ThresholdDialog(const ThresholdModel &model, SlowlogChanges &changes, const QByteArray &nodeId,
                    QWidget *parent = nullptr);

    [[nodiscard]] QLineEdit *thresholdField() const { return m_threshold; }
    [[nodiscard]] QLineEdit *capacityField() const { return m_capacity; }
    [[nodiscard]] QComboBox *scope() const { return m_scope; }
    [[nodiscard]] QPushButton *setButton() const { return m_set; }
    [[nodiscard]] QString outcome() const;

Q_SIGNALS:
    void changed(); ///< a setting was changed on some node

private:
    void fillScope(const QByteArray &nodeId);
    void takeScope();
    void check();
    void send();
    void sendNext(QList<QPair<QByteArray, QByteArray>> settings, const QStringList &outcomes);

    const ThresholdModel &m_model;
    SlowlogChanges &m_changes;
    SlowlogKind m_kind;
    QComboBox *m_scope;
    QLineEdit *m_threshold, *m_capacity;
    QLabel *m_meaning, *m_outcome;
    QPushButton *m_set;
    QString m_thresholdWas, m_capacityWas;
    bool m_sending = false;
};

/// Parses a threshold and converts it to the server's unit: "10 ms", "1.5 s", "500 us", "500" (in the server's unit),
/// "off"; "64 KB" for sizes. Returns nothing if the text is not valid.
[[nodiscard]] std::optional<qint64> typedThreshold(SlowlogKind kind, const QString &text);

} // namespace slotscope
