// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/metrics/prometheus.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace slotscope {

class HistoryFeed;
class RecordKeeper;
class Theme;

/// Settings for the source of values from before the record: a Prometheus and how to reach it, with a test of what it
/// has.
class SourcesDialog final : public QDialog
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SourcesDialog)
public:
    SourcesDialog(HistoryFeed &feed, RecordKeeper &keeper, const Theme &theme, QWidget *parent = nullptr);

    [[nodiscard]] QLineEdit *addressField() const { return m_address; }
    [[nodiscard]] QComboBox *loginField() const { return m_login; }
    [[nodiscard]] QLineEdit *secretField() const { return m_secret; }
    [[nodiscard]] QPushButton *testButton() const { return m_test; }
    [[nodiscard]] QPushButton *useButton() const { return m_use; }
    [[nodiscard]] QString outcome() const;
    [[nodiscard]] QCheckBox *keepField() const { return m_keep; }

private:
    void layOut();
    void tellKeeping();
    void check();
    void test();
    void use();
    void chooseFile();
    void fit();
    void tell(const QString &words, const char *tone);
    /// The input; an Error if the address is not valid.
    [[nodiscard]] Result<PrometheusSource> typed() const;

    HistoryFeed &m_feed;
    RecordKeeper &m_keeper;
    QCheckBox *m_keep;
    QLabel *m_keepWords;
    QLineEdit *m_address;
    QComboBox *m_login;
    QLineEdit *m_user, *m_secret, *m_caFile;
    QLabel *m_userLabel, *m_secretLabel, *m_caLabel, *m_note, *m_outcome;
    QPushButton *m_browse, *m_test, *m_use;
    quint64 m_tests = 0;
};

} // namespace slotscope
