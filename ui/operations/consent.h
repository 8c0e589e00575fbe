// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/environment.h"

#include <QWidget>

class QCheckBox;
class QLineEdit;

namespace slotscope {

/// Confirmation for a change of a cluster: a text to type, a box to check, or none.
class Consent final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Consent)
public:
    /// `destructive`: for production, its name has to be typed. `loss`: the name has to be typed everywhere, or the
    /// words “lose data”.
    Consent(const QString &cluster, const Environment &environment, bool destructive, bool loss,
            QWidget *parent = nullptr);

    [[nodiscard]] bool isGiven() const;
    [[nodiscard]] QLineEdit *field() const { return m_field; } ///< null if nothing has to be typed
    [[nodiscard]] QCheckBox *box() const { return m_box; } ///< null if no box has to be checked

Q_SIGNALS:
    void changed();

private:
    QLineEdit *m_field = nullptr;
    QCheckBox *m_box = nullptr;
    QStringList m_words; ///< one of these has to be typed exactly
};

} // namespace slotscope
