// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/load/loadspec.h"
#include "ui/shared/environment.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace slotscope {

class Consent;

/// Form with the options of a load test. GUI thread.
class LoadForm final : public QWidget
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LoadForm)
public:
    explicit LoadForm(QWidget *parent = nullptr);

    [[nodiscard]] Result<LoadSpec> spec() const;
    void setSpec(const LoadSpec &spec);
    /// For production, its name has to be typed.
    void setConnection(const QString &title, const Environment &environment);
    [[nodiscard]] bool hasConsent() const;
    void setRunning(bool running, bool stopping);
    void setReason(const QString &reason); ///< why no test can be started; empty: it can

    [[nodiscard]] QPushButton *startButton() const { return m_start; }
    [[nodiscard]] QPushButton *stopButton() const { return m_stop; }
    [[nodiscard]] QLineEdit *mixField() const { return m_mix; }
    [[nodiscard]] QSpinBox *rateField() const { return m_rate; }
    [[nodiscard]] QSpinBox *secondsField() const { return m_seconds; }
    [[nodiscard]] QSpinBox *warmUpField() const { return m_warmUp; }
    [[nodiscard]] QSpinBox *keysField() const { return m_keys; }
    [[nodiscard]] Consent *consent() const { return m_consent; } ///< null: no confirmation is needed
    [[nodiscard]] QString problem() const; ///< text shown below the fields

Q_SIGNALS:
    void startRequested();
    void stopRequested();

private:
    void makeRows();
    void makeFoot();
    QSpinBox *number(const QString &label, int least, int most, int value);
    void addRow(const QString &label, QWidget *field);
    void update();

    QVBoxLayout *m_layout, *m_foot = nullptr;
    QWidget *m_fields = nullptr;
    class QFormLayout *m_rows;
    QSpinBox *m_rate, *m_seconds, *m_count, *m_warmUp, *m_clients, *m_pipeline, *m_keys, *m_tags;
    QLineEdit *m_mix, *m_size, *m_prefix;
    QComboBox *m_distribution;
    QCheckBox *m_replicas, *m_fill, *m_keep;
    QLabel *m_problem;
    QPushButton *m_start, *m_stop;
    Consent *m_consent = nullptr;
    QString m_reason;
    bool m_running = false;
};

} // namespace slotscope
