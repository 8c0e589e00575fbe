// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/run/operationsdoor.h"
#include "ui/shared/environment.h"

#include <QScrollArea>

class QCheckBox;
class QLineEdit;
class QVBoxLayout;

namespace slotscope {

class Consent;
class Theme;

/// Summary before something is changed, with the confirmations that are needed.
class ConfirmPage final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConfirmPage)
public:
    ConfirmPage(const Theme &theme, QString cluster, Environment environment, QWidget *parent = nullptr);

    void setPlanned(const slotscope::PlannedOperation &planned); ///< a new plan resets the confirmations
    [[nodiscard]] bool isConsented() const;
    [[nodiscard]] bool needsTyping() const { return field() != nullptr; }
    [[nodiscard]] QLineEdit *field() const; ///< field of the current plan; null if nothing has to be typed
    [[nodiscard]] QCheckBox *box() const; ///< null if no box has to be checked

Q_SIGNALS:
    void consentChanged();

private:
    void addSummary(const PlannedOperation &planned);
    void addConsent(const PlannedOperation &planned);

    QString m_cluster;
    Environment m_environment;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_layout = nullptr;
    Consent *m_consent = nullptr; ///< confirmation for the current plan
};

} // namespace slotscope
