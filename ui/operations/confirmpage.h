// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/operationsdoor.h"
#include "ui/shared/environment.h"

#include <QScrollArea>

class QCheckBox;
class QLineEdit;
class QVBoxLayout;

namespace slotscope {

class Consent;
class Theme;

/// The last look before something is changed, and the consents that it needs.
class ConfirmPage final : public QScrollArea
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConfirmPage)
public:
    ConfirmPage(const Theme &theme, QString cluster, Environment environment, QWidget *parent = nullptr);

    void setPlanned(const slotscope::PlannedOperation &planned); ///< consents given before count no more
    [[nodiscard]] bool isConsented() const;
    [[nodiscard]] bool needsTyping() const { return field() != nullptr; }
    [[nodiscard]] QLineEdit *field() const; ///< of the present plan; null where nothing has to be typed
    [[nodiscard]] QCheckBox *box() const; ///< null where no box has to be ticked

Q_SIGNALS:
    void consentChanged();

private:
    void addSummary(const PlannedOperation &planned);
    void addConsent(const PlannedOperation &planned);

    QString m_cluster;
    Environment m_environment;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_layout = nullptr;
    Consent *m_consent = nullptr; ///< of the present plan
};

} // namespace slotscope
