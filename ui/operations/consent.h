// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shared/environment.h"

#include <QWidget>

class QCheckBox;
class QLineEdit;

namespace slotscope {

/// The consent that a change of a cluster needs: words to type, a box to tick, or none.
class Consent final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Consent)
public:
    /// `destructive`: production wants its name typed. `loss`: elsewhere too, or the words “lose data”.
    Consent(const QString &cluster, const Environment &environment, bool destructive, bool loss,
            QWidget *parent = nullptr);

    [[nodiscard]] bool isGiven() const;
    [[nodiscard]] QLineEdit *field() const { return m_field; } ///< null where nothing has to be typed
    [[nodiscard]] QCheckBox *box() const { return m_box; } ///< null where no box has to be ticked

Q_SIGNALS:
    void changed();

private:
    QLineEdit *m_field = nullptr;
    QCheckBox *m_box = nullptr;
    QStringList m_words; ///< one of them has to be typed, exactly
};

} // namespace slotscope
