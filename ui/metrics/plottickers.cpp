// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/metrics/plottickers.h"

#include "ui/metrics/timelane.h"

namespace slotscope {
namespace {

/// Labels of a value axis in the plot's unit.
class NumberTicker final : public QCPAxisTicker
{
public:
    explicit NumberTicker(PlotSpec::Scale scale) : m_scale(scale) { setTickCount(4); }

protected:
    double getTickStep(const QCPRange &range) override
    {
        if (m_scale != PlotSpec::Scale::Bytes && m_scale != PlotSpec::Scale::BytesPerSecond)
            return QCPAxisTicker::getTickStep(range);
        const double rough = range.size() / 4; // powers of two give rounder KB and MB
        double step = 1;
        while (step * 2 < rough)
            step *= 2;
        return std::max(step, 1.0);
    }
    QString getTickLabel(double tick, const QLocale &, QChar, int) override
    {
        return plotNumber(std::abs(tick), m_scale, true); // values below zero have no sign; the head explains them
    }

private:
    PlotSpec::Scale m_scale;
};

/// Labels of a logarithmic value axis in the plot's unit, one per power of ten.
class LogTicker final : public QCPAxisTickerLog
{
public:
    LogTicker()
    {
        setLogBase(32);
        setSubTickCount(0);
    }

protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override
    {
        return plotNumber(tick, PlotSpec::Scale::LogBytes, true);
    }
};

/// Labels at round times.
class TimeTicker final : public QCPAxisTicker
{
protected:
    double getTickStep(const QCPRange &range) override
    {
        m_step = timeTickStep(qint64(range.size()), 5);
        return double(m_step);
    }
    QVector<double> createTickVector(double step, const QCPRange &range) override
    {
        QVector<double> ticks;
        for (qint64 at = firstTimeTick(qint64(range.lower), qint64(step)); double(at) <= range.upper;
             at += qint64(step))
            ticks.append(double(at));
        return ticks;
    }
    int getSubTickCount(double) override { return 0; }
    QString getTickLabel(double tick, const QLocale &, QChar, int) override
    {
        return timeTickText(qint64(tick), m_step);
    }

private:
    qint64 m_step = 60'000;
};

} // namespace

QSharedPointer<QCPAxisTicker> numberTicker(PlotSpec::Scale scale)
{
    return QSharedPointer<QCPAxisTicker>(new NumberTicker(scale));
}

QSharedPointer<QCPAxisTicker> logBytesTicker()
{
    return QSharedPointer<QCPAxisTicker>(new LogTicker);
}

QSharedPointer<QCPAxisTicker> timeTicker()
{
    return QSharedPointer<QCPAxisTicker>(new TimeTicker);
}

} // namespace slotscope
