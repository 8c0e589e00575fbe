// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cluster/clusterview.h"

#include <QDialog>

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace slotscope {

/// Form with fields for script, KEYS and ARGV that makes one EVAL line; shows whether the keys share a slot.
class EvalForm final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EvalForm)
public:
    explicit EvalForm(ClusterViewPtr view, QWidget *parent);
    [[nodiscard]] QString line() const;
    [[nodiscard]] QString slotText() const;

Q_SIGNALS:
    void lineMade(const QString &line);

private:
    void check();
    ClusterViewPtr m_view;
    QPlainTextEdit *m_script, *m_keys, *m_arguments;
    QLabel *m_slots;
    QPushButton *m_take;
};

} // namespace slotscope
