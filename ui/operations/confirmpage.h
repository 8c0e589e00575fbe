// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operations/operationsdoor.h"
#include "ui/shared/environment.h"

#include <QScrollArea>

class QCheckBox;
class QLineEdit;
class QVBoxLayout;

namespace slotscope {

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
    [[nodiscard]] bool needsTyping() const { return !m_words.isEmpty(); }
    [[nodiscard]] QLineEdit *field() const { return m_field; }
    [[nodiscard]] QCheckBox *box() const { return m_box; }

Q_SIGNALS:
    void consentChanged();

private:
    void addSummary(const PlannedOperation &planned);
    void addConsent(const PlannedOperation &planned);

    QString m_cluster;
    Environment m_environment;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_layout = nullptr;
    QLineEdit *m_field = nullptr; ///< of the present plan; null where nothing has to be typed
    QCheckBox *m_box = nullptr; ///< null where no box has to be ticked
    QStringList m_words; ///< one of them has to be typed, exactly
};

} // namespace slotscope
