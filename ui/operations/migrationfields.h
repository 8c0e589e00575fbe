// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/plan/plan.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QSpinBox;
class QToolButton;

namespace slotscope {

class SegmentedControl;
class Theme;

/// Makes the field for MigrationOptions::callTimeoutMs.
[[nodiscard]] QSpinBox *callTimeoutBox(QWidget *parent);
[[nodiscard]] QString callTimeoutHint();

/// Options for moving slots: method, throttle, batch size. Collapsed by default.
class MigrationFields final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MigrationFields)
public:
    explicit MigrationFields(QWidget *parent = nullptr);
    [[nodiscard]] MigrationOptions options() const;
    void setOptions(const MigrationOptions &options); ///< emits no signal
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
