// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plan.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QSpinBox;
class QToolButton;

namespace slotscope {

class SegmentedControl;
class Theme;

/// The field for MigrationOptions::callTimeoutMs, and the line below it.
[[nodiscard]] QSpinBox *callTimeoutBox(QWidget *parent);
[[nodiscard]] QString callTimeoutHint();

/// How slots are moved: method, brakes, batches. Folded until it is asked for.
class MigrationFields final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MigrationFields)
public:
    explicit MigrationFields(QWidget *parent = nullptr);
    [[nodiscard]] MigrationOptions options() const;
    void setOptions(const MigrationOptions &options); ///< emits nothing
    [[nodiscard]] QToolButton *fold() const { return m_fold; }

Q_SIGNALS:
    void changed();

private:
    void addRow(const QString &label, QWidget *field, const QString &hint);
    void makeFields();

    QToolButton *m_fold;
    QWidget *m_content;
    SegmentedControl *m_method;
    QSpinBox *m_throttle, *m_latency, *m_batch, *m_timeout;
    QComboBox *m_busy;
    QCheckBox *m_replicas;
};

} // namespace slotscope
